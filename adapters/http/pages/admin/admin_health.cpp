// The findings of `cunmai doctor` and the amount of waiting work, for the administrator who is called at night.
#include "adapters/http/edge/http.hpp"
#include "adapters/http/pages/view.hpp"
#include "adapters/services/doctor.hpp"
#include "adapters/words/doctor_words.hpp"
#include "db/service/backlog.hpp"

#include <algorithm>

namespace cunmai::http::pages {

namespace {

constexpr std::int64_t late_seconds = 300; // work that waits longer shows that something has stopped

using doctor::Level;

Json row_of(const View& view, Level level, const std::string& text, const std::string& remedy) {
    const auto key = std::string(doctor::key_of(level));
    return {{"tag_tone", level == Level::good      ? "done"
                         : level == Level::warning ? "yellow"
                                                   : "red"},
            {"tag_text", view.t("page.health.level_" + key)},
            {"sign_text", text},
            {"remedy", or_false(remedy)}};
}

Json signs_of(const View& view, doctor::Signs& signs) {
    std::stable_sort(signs.begin(), signs.end(),
                     [](const auto& one, const auto& other) { return one.level > other.level; });
    auto rows = Json::array();
    for (const auto& sign : signs)
        rows.push_back(
            row_of(view, sign.level, sign_said(view.language(), sign.key, sign.facts),
                   sign.level == doctor::Level::good ? "" : sign_remedy(view.language(), sign.key, sign.facts)));
    return rows;
}

Json waiting(const View& view) {
    const auto now = view.app.clock.now();
    const auto work = db::backlog(view.app.database, now);
    const auto level = [&](std::int64_t count, engine::Instant oldest) {
        return count > 0 && oldest.plus_seconds(late_seconds) < now ? Level::warning : Level::good;
    };
    const auto row = [&](const char* what, std::int64_t count, engine::Instant oldest) {
        const auto how = level(count, oldest);
        auto text = view.t(std::string("page.health.") + what, {{"count", count}});
        if (count > 0) text += view.t("page.health.since", {{"since", view.local(oldest)}});
        return row_of(view, how, text, how == Level::good ? "" : view.t("page.health.late"));
    };
    const auto dead = work.deliveries_dead > 0 ? Level::warning : Level::good;
    return Json::array({row("timers", work.timers_due, work.oldest_timer),
                        row("notices", work.notices_waiting, work.oldest_notice),
                        row_of(view, Level::good, view.t("page.health.mails", {{"count", work.mails_waiting}}), ""),
                        row_of(view, dead, view.t("page.health.dead", {{"count", work.deliveries_dead}}),
                               dead == Level::good ? "" : view.t("page.health.dead_do")),
                        row_of(view, Level::good, view.t("page.health.sessions", {{"count", work.sessions}}), "")});
}

} // namespace

Response show_health(App& app, const Request& request) {
    View view(app, request);
    doctor::Signs signs;
    doctor::look_at_data_folder(app.config, signs);
    doctor::look_at_database(app, signs);
    view.title(view.t("page.admin.health")).crumb("/admin", view.t("page.admin.title"));
    view.model["waiting"] = waiting(view);
    view.model["signs"] = signs_of(view, signs);
    return view.page("admin_health");
}

} // namespace cunmai::http::pages
