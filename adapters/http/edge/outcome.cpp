// Turns an outcome of the engine into an answer, in one place.
#include "adapters/http/edge/http.hpp"
#include "adapters/services/commands.hpp"

namespace cunmai::http {

namespace {

using Kind = engine::Outcome::Kind;

Problem problem_of(const engine::Outcome& outcome) {
    Problem problem;
    problem.reasons = outcome.refusal;
    switch (outcome.kind) {
    case Kind::refused: problem.status = 422, problem.code = "refused"; break;
    case Kind::invalid: problem.status = 422, problem.code = "invalid"; break;
    case Kind::not_here: problem.status = 422, problem.code = "not_in_this_state"; break;
    case Kind::key_reused: problem.status = 422, problem.code = "key_reused"; break;
    case Kind::forbidden: problem.status = 403, problem.code = "forbidden"; break;
    case Kind::unknown_command: problem.status = 404, problem.code = "unknown_command"; break;
    case Kind::conflict:
        problem.status = 409, problem.code = "conflict";
        problem.headers["ETag"] = "\"" + std::to_string(outcome.version) + "\"";
        problem.more = {{"version", outcome.version}, {"state", outcome.state}};
        break;
    case Kind::not_found:
    case Kind::accepted: problem.status = 404, problem.code = "not_found"; break;
    }
    return problem;
}

} // namespace

engine::Outcome execute(App& app, const Request& request, engine::CommandRequest command, int accepted) {
    const bool first = !request.access_row || !request.access_row->kept;
    if (first && request.has_left()) throw ClientLeft{};
    if (request.access_row)
        command.beside = [add = db::AccessLog::addition(request.access_row->access),
                          accepted](engine::Transaction& transaction, const engine::Outcome& outcome) {
            add(transaction, outcome.kind == Kind::accepted ? accepted : problem_of(outcome).status);
        };
    command.request_id = request.id;
    auto outcome = commands::give(app, request.who().viewer, std::move(command));
    if (request.access_row) request.access_row->kept = true;
    return outcome;
}

Json accepted_or_problem(const Request&, const engine::Outcome& outcome) {
    if (outcome.kind != Kind::accepted) throw problem_of(outcome);
    Json receipt{{"case_id", outcome.case_id},
                 {"state", outcome.state},
                 {"version", outcome.version},
                 {"replayed", outcome.replayed}};
    if (!outcome.created.empty()) receipt["created"] = outcome.created;
    return receipt;
}

} // namespace cunmai::http
