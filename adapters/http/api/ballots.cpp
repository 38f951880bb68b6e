// Ballots of a case, open and closed, from its facts. The facts of a secret ballot do not contain who chose what.
#include "adapters/http/api/describe.hpp"
#include "adapters/http/api/views.hpp"

namespace cunmai::http::api {

Endpoint ballots() {
    const auto handler = [](App& app, const Request& request) {
        const auto row = case_of(app, request);
        const auto at = [&](const char* key) { return row.facts.is_object() ? row.facts.value(key, Json()) : Json(); };
        auto open = at("ballot"), closed = at("ballots");
        return Response::json(200, {{"open", open.is_object() ? std::move(open) : Json()},
                                    {"closed", closed.is_array() ? std::move(closed) : Json::array()}});
    };
    return {handler, Describe("The open ballot and those that were closed", "ballots")
                         .id()
                         .answers(200, object({{"open", or_null(ref("Ballot"))}, {"closed", list_of(ref("Ballot"))}}))};
}

} // namespace cunmai::http::api
