// What Cunmai ships: the rules, the calendar and the indicator catalogue for every installation, and the invented
// demo district (示例区) for a demo server. All of it is data of db/seed and workflows/evaluation.
#pragma once

#include "adapters/services/app.hpp"

#include <functional>
#include <string>
#include <vector>

namespace cunmai::seed {

inline constexpr std::string_view demo_password = "cunmai-demo"; // of every demo person; a demo server says so

// Rules that are not set yet get their shipped value. What a district has set stays.
void install_defaults(App& app);

// Places and people of the demo district. REQUIRES: there are no places.
using Progress = std::function<void(std::int64_t done, std::int64_t total)>;
struct Seeded {
    int places = 0, people = 0, grants = 0;
};
Seeded demo_district(App& app, const Progress& progress = {});

// One demo person per role, to sign in with.
struct SignIn {
    std::string login, role, note;
};
std::vector<SignIn> demo_sign_ins(std::string_view language);

} // namespace cunmai::seed
