// The inbox, the live stream that announces it, and mails that could not be delivered.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"
#include "adapters/words/texts.hpp"

namespace cunmai::http::api {

namespace {

constexpr int failures_max = 1000;

Json view(const db::Notification& one, const std::string& language) {
    const auto say = [&](const char* part) { return texts::text(language, "notice." + one.topic + part, one.params); };
    return {{"id", one.id},
            {"case_id", or_null_text(one.case_id.text)},
            {"topic", one.topic},
            {"title", say(".title")},
            {"body", say(".body")},
            {"params", one.params.is_object() ? one.params : Json::object()},
            {"at", engine::to_iso(one.at)},
            {"read", one.read}};
}

} // namespace

Endpoint notifications() {
    const auto handler = [](App& app, const Request& request) {
        const auto& me = request.who().person.id;
        std::string next;
        auto items = Json::array();
        for (const auto& one :
             app.inbox.list(me, asked_true(request, "unread"), limit_of(request), request.asked("cursor"), &next))
            items.push_back(view(one, request.language));
        return Response::json(
            200, {{"items", std::move(items)}, {"next_cursor", or_null_text(next)}, {"unread", app.inbox.unread(me)}});
    };
    return {handler, Describe("My notifications, newest first", "notifications")
                         .query("unread", flag(), "true: only those not read.")
                         .paged()
                         .answers(200, page_of("Notification", {{"unread", {{"type", "integer"}, {"minimum", 0}}}}))};
}

Endpoint mark_read() {
    const auto handler = [](App& app, const Request& request) {
        app.inbox.mark_read(request.who().person.id, request.param("id")); // ignores ids of other persons' notices
        return no_content();
    };
    return {handler, Describe("Mark a notification as read", "notifications").id().answers(204)};
}

Endpoint mark_all_read() {
    const auto handler = [](App& app, const Request& request) {
        app.inbox.mark_read(request.who().person.id, "");
        return no_content();
    };
    return {handler, Describe("Mark all as read", "notifications").answers(204)};
}

Endpoint events() {
    const auto handler = [](App& app, const Request& request) {
        Response response;
        response.events = true;
        response.watches.text = request.asked("case");
        if (!response.watches.empty() && !reading(app, request).find(response.watches)) not_found();
        response.headers.emplace("Content-Type", "text/event-stream");
        return response;
    };
    return {
        handler,
        Describe("Live events (Server-Sent Events), also of changes made at other servers: `inbox` with the "
                 "unread count, and `case` with id and version of the case that is watched; each at once and whenever "
                 "it changes",
                 "notifications")
            .query("case", like(id_pattern), "Id of a case that I may see: its changes are told, too.")
            .answers(200, Json{{"type", "string"}})
            .gives_bytes({"text/event-stream"})
            .may_fail({404})};
}

Endpoint delivery_failures() {
    const auto handler = [](App& app, const Request& request) {
        auto items = Json::array();
        for (const auto& one : app.outbox.failures(failures_max))
            items.push_back({{"id", one.id},
                             {"channel", one.channel},
                             {"person", or_null_text(one.person)},
                             {"error", one.error},
                             {"attempts", one.attempts},
                             {"next_at", engine::to_iso(one.next_at)},
                             {"dead", one.dead}});
        return Response::json(200, page_after(request, items, "id"));
    };
    return {handler,
            Describe("Mails that could not be delivered", "administration").paged().answers(200, page_of("Delivery"))};
}

Endpoint send_again() {
    const auto handler = [](App& app, const Request& request) {
        const auto failures = app.outbox.failures(failures_max);
        const auto id = request.param("id");
        if (std::none_of(failures.begin(), failures.end(), [&](const auto& one) { return one.id == id; })) not_found();
        app.outbox.send_again(id, app.clock.now());
        return no_content();
    };
    return {handler, Describe("Try a failed delivery again", "administration").id().answers(204)};
}

} // namespace cunmai::http::api
