// One object of each kind of route, in two jurisdictions, and who may know of it. The matrices of the API and of the
// pages are generated over these.
#pragma once

#include "tests/integration/api/district.hpp"

namespace cunmai::test {

struct Example {
    std::map<std::string, std::string> params; // of the route's path
    std::string place{};                       // where the object lies; "": nowhere
    std::string owner{};                       // the login of the owner, for an object that belongs to one person

    bool exists() const { return !place.empty() || !owner.empty(); }
    // REQUIRES: it exists.
    bool known_to(const std::string& login) const {
        return owner.empty() ? District::may_see(login, place) : owner == login;
    }
    std::string path(std::string pattern) const; // with every parameter filled in
};

class Objects {
  public:
    static const Objects& the(); // made when first used, by the right people through the API

    // The route's object in the own jurisdiction, in another one and, last, one that does not exist. Empty when the
    // kind of the route's parameters is not known here, so that the route is not in the matrix.
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
