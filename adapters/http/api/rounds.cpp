// Rounds: opening one for a district or chosen towns; its progress town by town.
#include "adapters/services/rounds.hpp"
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"
#include "workflows/screening_round/screening_round.hpp"

namespace cunmai::http::api {

namespace {

// Not required by the schema: the engine says what is missing and keeps the attempt.
Json needed_date() {
    auto schema = date();
    schema["description"] = "Needed: without it 422, `missing`.";
    return schema;
}

} // namespace

Endpoint open_round() {
    const auto handler = [](App& app, const Request& request) {
        engine::CommandRequest announcement;
        announcement.payload = request.json();
        announcement.place_code = announcement.payload.at("place");
        announcement.payload.erase("place");
        announcement.on_behalf_of = on_behalf_of(request);
        announcement.idempotency_key = idempotency_key(request);
        announcement.request_id = request.id;
        const auto opened =
            rounds::open(app, request.who().viewer, std::move(announcement), [&](engine::CommandRequest command) {
                return execute(app, request, std::move(command), 201);
            });
        accepted_or_problem(request, opened.outcome);
        auto receipts = Json::array();
        for (const auto& one : opened.receipts)
            receipts.push_back({{"place_code", one.place_code},
                                {"place_name", one.place_name},
                                {"case_id", or_null_text(one.case_id.text)},
                                {"passed_over", or_null_text(one.passed_over)}});
        auto answer = view(opened.outcome);
        answer["receipts"] = std::move(receipts);
        return Response::json(201, answer).with("Location", "/api/v1/rounds/" + opened.outcome.case_id.text);
    };
    return {handler,
            Describe("Announce a round and open a case for each of its villages; a receipt for each", "rounds")
                .idempotency_key()
                .on_behalf_of()
                .takes(object({{"place", like(code_pattern)},
                               {"title", said(200)},
                               {"towns", list_of(text(64), 200)},
                               {"self_check_due_on", needed_date()},
                               {"screening_due_on", needed_date()},
                               {"review_due_on", needed_date()},
                               {"committee_due_on", date()}},
                              {"towns", "self_check_due_on", "screening_due_on", "review_due_on", "committee_due_on"}))
                .answers(201, object({{"case_id", like(id_pattern)},
                                      {"state", {{"type", "string"}}},
                                      {"version", {{"type", "integer"}}},
                                      {"created", or_null(like(id_pattern))},
                                      {"replayed", flag()},
                                      {"receipts", list_of(ref("RoundReceipt"), 100'000)}}))
                .gives_headers(201, {"Location"})
                .may_fail({403, 404})};
}

Endpoint round_progress() {
    const auto handler = [](App& app, const Request& request) {
        const auto row = case_of(app, request);
        if (row.definition != workflows::round::workflow_key) not_found();
        auto items = Json::array();
        for (const auto& one : reading(app, request).round_progress(row.id.text))
            items.push_back({{"place_code", one.place_code},
                             {"place_name", one.place_name},
                             {"state", one.state},
                             {"count", one.count}});
        return Response::json(200,
                              {{"case", detail(row, number_of(app, request, row))}, {"progress", std::move(items)}})
            .with("ETag", etag(row.version));
    };
    return {handler, Describe("A round and its progress: how many cases of each town are in which state", "rounds")
                         .id()
                         .answers(200, object({{"case", ref("CaseDetail")},
                                               {"progress", list_of(ref("RoundProgress"), 100'000)}}))
                         .gives_headers(200, {"ETag"})};
}

} // namespace cunmai::http::api
