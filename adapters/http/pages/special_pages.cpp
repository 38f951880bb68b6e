#include "adapters/http/pages/special_pages.hpp"

#include "workflows/special_pages.hpp"

#include <array>
#include <stdexcept>

namespace cunmai::http::pages {

namespace {

namespace keys = workflows::special_pages;

struct SpecialPage {
    std::string_view key, path; // {id}: of the case
};
// clang-format off
constexpr std::array all{
    SpecialPage{keys::self_check_form,    "/cases/{id}/indicators"},
    SpecialPage{keys::self_check_answers, "/cases/{id}/answers"},
    SpecialPage{keys::meeting,            "/meetings/{id}"},
    SpecialPage{keys::meetings,           "/meetings"},
    SpecialPage{keys::prescription_board, "/prescriptions"},
    SpecialPage{keys::prescription_sheet, "/prescriptions/{id}/sheet"},
    SpecialPage{keys::round,              "/rounds/{id}"},
    SpecialPage{keys::rounds,             "/rounds"},
    SpecialPage{keys::new_round,          "/rounds/new"},
};
// clang-format on

} // namespace

std::string special_page(std::string_view key, std::string_view case_id) {
    constexpr std::string_view id = "{id}";
    for (const auto& page : all) {
        if (page.key != key) continue;
        std::string path(page.path);
        if (const auto at = path.find(id); at != std::string::npos) path.replace(at, id.size(), case_id);
        return path;
    }
    throw std::logic_error("no special page has the key \"" + std::string(key) + "\"");
}

} // namespace cunmai::http::pages
