// The indicators of a self-check: catalogue, draft, last answers, and how a form's fields become answers.
#pragma once

#include "adapters/http/pages/person_names.hpp"
#include "adapters/http/pages/view.hpp"

namespace cunmai::http::pages {

// A number as a person types it: 12, not 12.0.
std::string plain_number(const Json& value);
std::string localised(const Json& texts, const std::string& language); // {"zh-CN":…,"en":…}
// "3 件", "是", "不适用：…"; "" without an answer.
std::string answer_text(const View& view, const Json& indicator, const Json& answer);

struct LastAnswers {
    Json answers = Json::object(); // code → answer
    std::string on;                // when they were submitted
};
// The answers of this case if it was returned, otherwise those of the village's former case.
LastAnswers last_answers(View& view, const engine::CaseRow& row);

// The files that came with the form, checked and stored.
struct Uploaded {
    std::map<std::string, std::vector<std::string>> files; // code → hashes
    engine::Refusal refusal;                               // fields: value_CODE
};
Uploaded store_uploads(View& view);

// The draft as the form showed it, which the form carries along so that a save changes only what the person changed:
// code → {"value", "na", "reason"} as typed; empty inputs are left out.
Json as_shown(const Json& draft);

// Compares the posted form with the page on which it was typed and with the present draft.
struct Read {
    Json changed = Json::object(); // code → new answer, for what the person has changed
    Json typed = Json::object();   // code → the answer as typed, where a change was not accepted because somebody
                                   // else has changed the same field meanwhile
    engine::Refusal refusal;       // why changes were not accepted; fields: value_CODE
    std::string group;             // the last group with a change; "" when there is none
};
Read read_answers(View& view, const Json& catalogue, const Json& draft, const Json& shown, const Uploaded& uploaded);

// Problems of the draft, one reason per indicator, fields value_CODE (workflows' self_check says what is missing).
engine::Refusal problems_of(const View& view, const Json& catalogue, const Json& draft);
// The problems caused by the typed values themselves: not a number, or out of range.
engine::Refusal wrong_values(const View& view, const Json& catalogue, const Json& draft);

// Five groups for the form: head, progress and the partial `indicator_row` for each.
Json groups(View& view, const Json& catalogue, const Json& draft, const LastAnswers& last,
            const engine::Refusal& problems);
// Five groups for reading: name, value, colour, evidence.
Json answered_groups(View& view, const Json& catalogue, const Json& answers);

} // namespace cunmai::http::pages
