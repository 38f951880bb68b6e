// The tasks that wait for the person, with exact counts; claiming and releasing them.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"

namespace cunmai::http::api {

Endpoint worklist() {
    const auto handler = [](App& app, const Request& request) {
        db::WorkFilter filter;
        filter.box = request.asked("box", "todo");
        filter.role = request.asked("role");
        filter.definition = request.asked("definition");
        filter.text = request.asked("text");
        filter.due = request.asked("due");
        filter.limit = limit_of(request);
        filter.cursor = request.asked("cursor");
        const auto page = reading(app, request).worklist(filter);
        auto items = Json::array();
        for (const auto& item : page.items) items.push_back(view(item));
        return Response::json(200, {{"items", std::move(items)},
                                    {"next_cursor", or_null_text(page.next_cursor)},
                                    {"total", page.total},
                                    {"counts", view(reading(app, request).work_counts())}});
    };
    return {handler, Describe("My worklist, with counts", "worklist")
                         .query("box", one_of({"todo", "done", "started", "watching"}))
                         .query("role", like(key_pattern))
                         .query("definition", like(key_pattern))
                         .query("text", text(100))
                         .query("due", one_of({"overdue", "soon"}))
                         .paged()
                         .answers(200, page_of("WorkItem", {{"total", {{"type", "integer"}, {"minimum", 0}}},
                                                            {"counts", ref("WorkCounts")}}))};
}

Endpoint work_counts() {
    const auto handler = [](App& app, const Request& request) {
        return Response::json(200, view(reading(app, request).work_counts()));
    };
    return {handler, Describe("The counts of my worklist", "worklist").answers(200, ref("WorkCounts"))};
}

namespace {

Response take(App& app, const Request& request, bool wanted) {
    const auto row = case_of(app, request);
    if (!app.cases.claim(request.who().viewer, row.id, request.param("name"), wanted)) {
        Problem problem;
        problem.status = 409;
        problem.code = "not_claimable";
        throw problem;
    }
    return no_content();
}

Describe described(std::string summary) {
    return Describe(std::move(summary), "worklist").id().path("name", like(key_pattern)).answers(204).may_fail({409});
}

} // namespace

Endpoint claim() {
    return {[](App& app, const Request& request) { return take(app, request, true); },
            described("Take on a work item; others may still act")};
}

Endpoint release() {
    return {[](App& app, const Request& request) { return take(app, request, false); },
            described("Give a work item back")};
}

} // namespace cunmai::http::api
