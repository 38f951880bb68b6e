// What the audit administrator reads: who looked at what, and who changed people, roles and rules.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"

namespace cunmai::http::api {

namespace {
constexpr int admin_events_max = 10'000; // the newest
}

Endpoint access_log() {
    const auto handler = [](App& app, const Request& request) {
        db::AccessLog::Filter filter;
        filter.person = request.asked("person");
        filter.route = request.asked("route");
        filter.since = request.asked("since");
        filter.until = request.asked("until");
        filter.status = std::stoi(request.asked("status", "0"));
        filter.limit = limit_of(request);
        filter.before_id = request.asked("cursor");
        const auto rows = app.access_log.list(filter);
        auto items = Json::array();
        for (const auto& [id, one] : rows)
            items.push_back({{"id", id},
                             {"at", engine::to_iso(one.at)},
                             {"person", or_null_text(one.person.text)},
                             {"method", one.method},
                             {"route", one.route},
                             {"object", one.object},
                             {"address", one.address},
                             {"request_id", one.request_id},
                             {"status", one.status}});
        const bool more = rows.size() == static_cast<std::size_t>(filter.limit);
        return Response::json(200,
                              {{"items", std::move(items)}, {"next_cursor", more ? Json(rows.back().id) : Json()}});
    };
    return {handler, Describe("Who did what, newest first; failures too", "administration")
                         .query("person", like(id_pattern))
                         .query("route", text(200), "Pattern of a route, /api/v1/cases/{id}.")
                         .query("since", date())
                         .query("until", date())
                         .query("status", number(100, 599))
                         .paged()
                         .answers(200, page_of("AccessRow"))};
}

Endpoint admin_log() {
    const auto handler = [](App& app, const Request& request) {
        auto items = Json::array();
        for (const auto& event : app.admin_log.list(admin_events_max))
            items.push_back({{"at", engine::to_iso(event.at)},
                             {"by", event.by.text},
                             {"what", event.what},
                             {"details", event.details}});
        return Response::json(200, page_after(request, items, "at"));
    };
    return {handler, Describe("Changes of people, roles and rules, newest first", "administration")
                         .paged()
                         .answers(200, page_of("AdminEvent"))};
}

} // namespace cunmai::http::api
