// One object of each kind that routes are about, in two jurisdictions, and who may know of it. Both matrices, of the
// API and of the pages, are generated over these.
#pragma once

#include "tests/integration/api/district.hpp"

namespace cunmai::test {

struct Example {
    std::map<std::string, std::string> params; // of the route's path
    std::string place{};                       // where the object lies; "": nowhere
    std::string owner{};                       // of an object that is one person's alone: their login

    bool exists() const { return !place.empty() || !owner.empty(); }
    // REQUIRES: it exists.
    bool known_to(const std::string& login) const {
        return owner.empty() ? District::may_see(login, place) : owner == login;
    }
    std::string path(std::string pattern) const; // with every parameter filled in
};

class Objects {
  public:
    static const Objects& the(); // made when first asked for, by the right people through the API

    // What the route is about, here, elsewhere and, last, nowhere. Empty: the route's parameters are of no kind that
    // is known here, so it is not in the matrix.
    std::vector<Example> examples(const http::Route& route) const;

    std::string case_a, case_b, prescription_a, meeting, round, document_a, document_b, delegation, interest;

  private:
    Objects();
};

// A case of the first village that waits for the committee, its ballot open in a meeting where everybody is present.
std::string case_with_open_ballot(bool secret);

// The same, voted in: it has a plan and its posts are filled.
std::string managed_case();

std::string needed_role(http::Access access);  // "" when none is
std::string name_of(const http::Route& route); // "GET /api/v1/me"

} // namespace cunmai::test
