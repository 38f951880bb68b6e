// One use case through page, API and command line: what each door tells, in codes, so that the doors can be compared.
#pragma once

#include "tests/integration/api/district.hpp"

namespace cunmai::test {

using Values = std::map<std::string, std::string>; // of a form, or of a use case: field → text

struct Told { // by a door
    bool done = false;
    std::multimap<std::string, std::string> reasons; // field → code; the command line names no fields
    std::string words;                               // the whole answer, for whoever reads a failure

    std::multiset<std::string> codes() const;
};

// A person's form, sent from their browser. Fields are told under the names that `api_names` gives them.
Told by_page(const std::string& login, const std::string& page, const Values& form, const Values& api_names = {});
Told by_api(const std::string& login, const std::string& method, const std::string& path, const Json& body,
            std::map<std::string, std::string> headers = {});
// "cunmai …" over the same database; --data is added.
Told by_command_line(std::vector<std::string> arguments);

// ---- a use case through all of its doors ----------------------------------------------------------------------------

struct Door {
    std::string name;
    std::function<Told(const Values&)> give;
    bool names_fields = true;
};

struct Bad {
    std::string field, value;
    std::string code; // what every door must tell; "": one reason at this field, the same from each
};

// A value that has nothing to be seen is missing; one that hides something is refused. For a text that is needed.
std::vector<Bad> bad_lines(const std::string& field, std::size_t length_max);

// Gives the good values with each bad one in turn through every door: all of them refuse it, with the same codes at the
// same fields, and `look` sees no change.
void expect_refused_alike(const std::vector<Door>& doors, const Values& good, const std::vector<Bad>& bad,
                          const std::function<Json()>& look);

// Gives good values through every door, with "#" in them replaced by the door's number. All of them do it, and what
// `look` sees afterwards is the same, with that number replaced back.
void expect_done_alike(const std::vector<Door>& doors, const Values& good,
                       const std::function<Json(const Values&)>& look);

} // namespace cunmai::test
