#include "adapters/http/pages/navigation.hpp"

#include "adapters/http/pages/shown.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

bool is_current(std::string_view href, const std::string& path) {
    if (href == "/") return path == "/";
    return path == href || path.rfind(std::string(href) + "/", 0) == 0;
}

bool holds_one_of(const Officer& officer, const engine::Keys& roles) {
    return std::any_of(roles.begin(), roles.end(), [&](auto role) { return officer.viewer.has_role(role); });
}

bool holds_one_that(const App& app, const Officer& officer, bool administers) {
    const auto& all = app.roles.all();
    return std::any_of(all.begin(), all.end(), [&](const engine::RoleInfo& role) {
        return (role.kind == engine::RoleInfo::Kind::administers) == administers && officer.viewer.has_role(role.key);
    });
}

} // namespace

bool administers(const App& app, const Officer& officer) { return holds_one_that(app, officer, true); }

// What everybody who has to do with cases needs comes first, then the lists that workflows name for the person's roles.
Json navigation(const App& app, const std::string& language, const std::string& path, const Officer& officer) {
    auto list = Json::array();
    const auto add = [&](const std::string& href, std::string_view key) {
        list.push_back({{"href", href}, {"label", texts::text(language, key)}, {"current", is_current(href, path)}});
    };
    add("/", "page.nav.home");
    if (holds_one_that(app, officer, false)) {
        add("/work", "page.nav.work");
        add("/cases", "page.nav.cases");
    }
    for (const auto* definition : app.registry.current()) {
        const auto& key = definition->info().key;
        if (!holds_one_of(officer, definition->presentation().listed_for)) continue;
        const auto title = definition->presentation().list_title;
        add(list_href(app, key), title.empty() ? "definition." + key : title);
    }
    if (administers(app, officer)) add("/admin", "page.nav.admin");
    return list;
}

} // namespace cunmai::http::pages
