// The nouns of the API: schemas that answers are made of, by name. Each has the function that writes it in views.cpp.
#include "adapters/http/api/checked.hpp"

namespace cunmai::http::api {

namespace {

Json free_text() { return {{"type", "string"}}; }
Json key() { return free_text(); }
Json open_object() { return {{"type", "object"}}; }
Json count() { return {{"type", "integer"}, {"minimum", 0}}; }
Json counts_by_key() { return {{"type", "object"}, {"additionalProperties", count()}}; }

Json merged(Json first, const Json& second) {
    first.update(second);
    return first;
}

Json case_members() {
    return {{"id", like(id_pattern)},
            {"number", like(case_number_pattern)},
            {"definition", key()},
            {"definition_version", count()},
            {"state", key()},
            {"version", count()},
            {"final", flag()},
            {"place", ref("Place")},
            {"parent", or_null(like(id_pattern))},
            {"round", or_null(like(id_pattern))},
            {"title", free_text()},
            {"category", or_null(key())},
            {"due_on", or_null(free_text())},
            {"colour", or_null(one_of({"green", "yellow", "red"}))},
            {"opened_at", instant()},
            {"updated_at", instant()}};
}

Json person_members() {
    return {{"id", like(id_pattern)}, {"name", free_text()}, {"active", flag()}, {"grants", list_of(ref("Grant"))}};
}

Json problem() {
    return {{"type", "object"},
            {"description",
             "RFC 9457. `detail` is one or more sentences for the person; `code` and `reasons` are for programs."},
            {"properties",
             {{"type", free_text()},
              {"title", free_text()},
              {"status", number(400, 599)},
              {"detail", free_text()},
              {"instance", free_text()},
              {"code", free_text()},
              {"reasons", list_of(ref("Reason"))},
              {"version", count()},
              {"state", key()},
              {"outcome_unknown", flag()}}},
            {"required", {"type", "title", "status", "detail", "instance", "code"}}};
}

constexpr auto withheld_says =
    "Why some of it is withheld from you for now: then `record` and `request_id` are null, and `payload`, `context` "
    "and "
    "`changes` hold the rest. `until_ballot_closes`: a vote by name, of another; its time and `hash` stand here, how "
    "and "
    "why they voted when the ballot is closed. `unknown_workflow`: this program can't say what may be told.";

void add_cases(Json& all) {
    all["Case"] = object(case_members());
    all["CaseDetail"] = object(merged(case_members(), {{"facts", open_object()}, {"head_hash", like(sha256_pattern)}}));
    all["Outcome"] = object({{"case_id", like(id_pattern)},
                             {"state", key()},
                             {"version", count()},
                             {"created", or_null(like(id_pattern))},
                             {"replayed", flag()}});
    all["Reason"] =
        object({{"code", free_text()}, {"field", free_text()}, {"facts", open_object()}, {"detail", free_text()}},
               {"field", "facts"});
    all["Field"] = object({{"key", key()},
                           {"label", free_text()},
                           {"type", key()},
                           {"required", flag()},
                           {"choices", list_of(object({{"key", free_text()}, {"label", free_text()}}))},
                           {"length_max", or_null(count())},
                           {"min", or_null({{"type", "number"}})},
                           {"max", or_null({{"type", "number"}})}});
    all["Offer"] = object({{"command", key()},
                           {"label", free_text()},
                           {"allowed", flag()},
                           {"by_role", flag()},
                           {"personal", flag()},
                           {"opens_child", flag()},
                           {"who", list_of(key())},
                           {"missing", list_of(ref("Reason"))},
                           {"fields", list_of(ref("Field"))}});
    all["Event"] = object({{"seq", count()},
                           {"at", instant()},
                           {"at_micros", {{"type", "integer"}}},
                           {"actor", free_text()},
                           {"actor_name", or_null(free_text())},
                           {"on_behalf_of", or_null(free_text())},
                           {"on_behalf_of_name", or_null(free_text())},
                           {"definition", key()},
                           {"definition_version", count()},
                           {"command", key()},
                           {"from", key()},
                           {"to", key()},
                           {"payload", anything()},
                           {"context", anything()},
                           {"changes", anything()},
                           {"request_id", or_null(free_text())},
                           {"previous_hash", like(sha256_pattern)},
                           {"hash", like(sha256_pattern)},
                           {"record",
                            {{"type", {"string", "null"}},
                             {"contentEncoding", "base64"},
                             {"description", "The exact bytes that are hashed; docs/record-format.md."}}},
                           {"withheld",
                            {{"type", {"string", "null"}},
                             {"enum", {"until_ballot_closes", "unknown_workflow", nullptr}},
                             {"description", withheld_says}}}});
    all["RefusedCommand"] = object({{"id", free_text()},
                                    {"at", instant()},
                                    {"command", key()},
                                    {"state", key()},
                                    {"actor", free_text()},
                                    {"actor_name", or_null(free_text())},
                                    {"on_behalf_of", or_null(free_text())},
                                    {"reasons", list_of(ref("Reason"))},
                                    {"request_id", free_text()}});
    all["WorkItem"] = object({{"case_id", like(id_pattern)},
                              {"definition", key()},
                              {"state", key()},
                              {"command", or_null(key())},
                              {"role", or_null(key())},
                              {"qualifier", or_null(key())},
                              {"person", or_null(free_text())},
                              {"claimed_by", or_null(free_text())},
                              {"on_behalf_of", or_null(free_text())},
                              {"title", free_text()},
                              {"category", or_null(key())},
                              {"colour", or_null(key())},
                              {"due_on", or_null(free_text())},
                              {"place_code", free_text()},
                              {"place_name", free_text()},
                              {"case_version", count()},
                              {"since", instant()}});
    all["WorkCounts"] = object({{"todo", count()},
                                {"due_in_3_days", count()},
                                {"overdue", count()},
                                {"claimed", count()},
                                {"done", count()},
                                {"started", count()}});
    all["Counts"] = counts_by_key();
    all["Attachment"] = object({{"sha256", like(sha256_pattern)},
                                {"name", free_text()},
                                {"media_type", free_text()},
                                {"size", count()},
                                {"added_by", free_text()},
                                {"added_at", instant()}});
    all["Draft"] = object({{"case_id", like(id_pattern)},
                           {"answers", {{"type", "object"}, {"additionalProperties", ref("Answer")}}},
                           {"returned", or_null(object({{"reason", free_text()}, // why the town returned it
                                                        {"by", free_text()},
                                                        {"by_name", or_null(free_text())},
                                                        {"on_behalf_of", or_null(free_text())},
                                                        {"on_behalf_of_name", or_null(free_text())},
                                                        {"at", instant()}}))}});
    all["Answer"] = {
        {"type", "object"},
        {"properties",
         {{"value", {{"type", {"number", "string", "boolean", "null"}}, {"maxLength", 400}, {"pattern", one_line}}},
          {"not_applicable", flag()},
          {"note", {{"type", "string"}, {"maxLength", 2000}, {"pattern", lines}}},
          {"reason", {{"type", "string"}, {"maxLength", 2000}, {"pattern", lines}}},
          {"evidence", list_of(like(sha256_pattern), 20)}}},
        {"additionalProperties", false}};
    all["RoundReceipt"] = object({{"place_code", free_text()},
                                  {"place_name", free_text()},
                                  {"case_id", or_null(like(id_pattern))},
                                  {"passed_over", or_null(free_text())}});
    all["RoundProgress"] =
        object({{"place_code", free_text()}, {"place_name", free_text()}, {"state", key()}, {"count", count()}});
}

void add_people(Json& all) {
    all["Place"] = object({{"code", free_text()},
                           {"name", free_text()},
                           {"level", one_of({"district", "town", "village"})},
                           {"parent", or_null(free_text())},
                           {"path", free_text()}});
    all["Grant"] = object({{"id", free_text()},
                           {"person", free_text()},
                           {"role", key()},
                           {"qualifier", or_null(key())},
                           {"place_code", free_text()},
                           {"place_name", free_text()}});
    all["Person"] = object(person_members());
    all["PersonDetail"] = object(merged(person_members(), {{"login", free_text()},
                                                           {"phone", free_text()},
                                                           {"email", free_text()},
                                                           {"language", one_of({"zh-CN", "en"})}}));
    all["Holder"] = object({{"id", free_text()},
                            {"person", like(id_pattern)},
                            {"name", or_null(free_text())},
                            {"role", key()},
                            {"qualifier", or_null(key())},
                            {"place_code", free_text()},
                            {"place_name", free_text()}});
    all["Me"] = object({{"id", like(id_pattern)},
                        {"name", free_text()},
                        {"login", free_text()},
                        {"phone", free_text()},
                        {"email", free_text()},
                        {"language", one_of({"zh-CN", "en"})},
                        {"grants", list_of(ref("Grant"))},
                        {"acting_for", list_of(ref("Delegation"))},
                        {"unread", count()},
                        {"session_kind", one_of({"browser", "bearer"})},
                        {"now", instant()},
                        {"today", date()},
                        {"demo", flag()}});
    all["Ticket"] = object({{"token", free_text()}, {"expires_at", instant()}, {"person", like(id_pattern)}});
    all["Session"] = object({{"kind", one_of({"browser", "bearer"})},
                             {"label", or_null(free_text())},
                             {"created_at", instant()},
                             {"seen_at", instant()},
                             {"expires_at", instant()},
                             {"current", flag()}});
    all["Delegation"] = object({{"id", free_text()},
                                {"principal", free_text()},
                                {"principal_name", or_null(free_text())},
                                {"delegate", free_text()},
                                {"delegate_name", or_null(free_text())},
                                {"role", key()},
                                {"from", instant()},
                                {"until", instant()},
                                {"reason", free_text()}});
    all["Interest"] =
        object({{"id", free_text()}, {"place_code", free_text()}, {"reason", free_text()}, {"declared_at", instant()}});
    all["Created"] = object({{"id", free_text()}});
}

void add_running(Json& all) {
    all["Notification"] = object({{"id", free_text()},
                                  {"case_id", or_null(free_text())},
                                  {"topic", key()},
                                  {"title", free_text()},
                                  {"body", free_text()},
                                  {"params", open_object()},
                                  {"at", instant()},
                                  {"read", flag()}});
    all["Delivery"] = object({{"id", free_text()},
                              {"channel", free_text()},
                              {"person", or_null(free_text())},
                              {"error", free_text()},
                              {"attempts", count()},
                              {"next_at", instant()},
                              {"dead", flag()}});
    all["RuleProposal"] =
        object({{"proposal", count()}, {"value", anything()}, {"by", free_text()}, {"at", instant()}});
    all["RuleChange"] = object({{"value", anything()}, {"by", free_text()}, {"at", instant()}, {"version", count()}});
    all["AccessRow"] = object({{"id", free_text()},
                               {"at", instant()},
                               {"person", or_null(free_text())},
                               {"method", free_text()},
                               {"route", free_text()},
                               {"object", free_text()},
                               {"address", free_text()},
                               {"request_id", free_text()},
                               {"status", {{"type", "integer"}}}});
    all["AdminEvent"] = object({{"at", instant()}, {"by", free_text()}, {"what", key()}, {"details", anything()}});
    all["Clock"] = object({{"now", instant()}, {"today", date()}, {"offset_seconds", {{"type", "integer"}}}});
    all["State"] = object({{"key", key()}, {"label", free_text()}, {"final", flag()}});
    all["Command"] = object({{"key", key()},
                             {"label", free_text()},
                             {"personal", flag()},
                             {"internal", flag()},
                             {"opens_child", flag()},
                             {"commutes", flag()},
                             {"fields", list_of(ref("Field"))},
                             {"payload", open_object()}});
    all["Row"] = object({{"from", key()},
                         {"command", key()},
                         {"to", key()},
                         {"who", list_of(key())},
                         {"does", list_of(key())},
                         {"provided", list_of(key())}});
    all["Definition"] = object({{"key", key()},
                                {"label", free_text()},
                                {"version", count()},
                                {"fingerprint", free_text()},
                                {"one_open_per_place", flag()}});
    all["DefinitionDetail"] = object({{"key", key()},
                                      {"label", free_text()},
                                      {"version", count()},
                                      {"fingerprint", free_text()},
                                      {"one_open_per_place", flag()},
                                      {"states", list_of(ref("State"))},
                                      {"commands", list_of(ref("Command"))},
                                      {"rows", list_of(ref("Row"))}});
    all["Ballot"] = open_object();
    all["Ballot"]["properties"]["votes"] = {{"type", "object"},
                                            {"additionalProperties", ref("Vote")},
                                            {"description", "Of a ballot by name, by the id of the person."}};
    all["Vote"] = {{"type", "object"},
                   {"properties",
                    {{"at", {{"type", "integer"}}},
                     {"choice", one_of({"approve", "reject", "abstain"})},
                     {"reason", free_text()},
                     {"withheld", one_of({"until_ballot_closes"})}}},
                   {"additionalProperties", false},
                   {"description", "While the ballot is open the vote of another is `at` and `withheld` alone."}};
}

} // namespace

const Json& components() {
    static const Json all = [] {
        Json schemas = Json::object();
        schemas["Problem"] = problem();
        add_cases(schemas);
        add_people(schemas);
        add_running(schemas);
        return schemas;
    }();
    return all;
}

} // namespace cunmai::http::api
