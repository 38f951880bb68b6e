// The indicators of a self-check: catalogue, draft, last answers, and how a form's fields become answers.
#pragma once

#include "adapters/http/pages/view.hpp"
#include "adapters/words/names.hpp"

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
// Those of this case when it was returned, else of the village's case before.
LastAnswers last_answers(View& view, const engine::CaseRow& row);
// The answers document of a case: code → answer; empty object when there is none.
Json submitted_answers(View& view, const engine::CaseRow& row);

// The files that came with the form, checked and stored.
struct Uploaded {
    std::map<std::string, std::vector<std::string>> files; // code → hashes
    engine::Refusal refusal;                               // fields: value_CODE
};
Uploaded store_uploads(View& view);

// What the form carries of the draft that its page was made from, so that a save changes only what the person changed:
// code → {"value", "na", "reason"} as typed; what is empty is left out.
Json as_shown(const Json& draft);

// The posted form against the page that it was typed on and the draft as it stands now.
struct Read {
    Json changed = Json::object(); // code → its new answer: what the person changed
    Json typed = Json::object();   // code → the answer with all that was typed, where a change could not be taken:
                                   // somebody else changed the same field meanwhile
    engine::Refusal refusal;       // why not; fields: value_CODE
    std::string group;             // the last one in which something was changed; "" when nothing was
};
Read read_answers(View& view, const Json& catalogue, const Json& draft, const Json& shown, const Uploaded& uploaded);

// Problems of the draft, one reason per indicator, fields value_CODE (workflows' self_check says what is missing).
engine::Refusal problems_of(const View& view, const Json& catalogue, const Json& draft);
// Those of them that what was typed is to blame for: no number, or out of range.
engine::Refusal wrong_values(const View& view, const Json& catalogue, const Json& draft);

// Five groups for the form: head, progress and the partial `indicator_row` for each.
Json groups(View& view, const Json& catalogue, const Json& draft, const LastAnswers& last,
            const engine::Refusal& problems);
// Five groups for reading: name, value, colour, evidence.
Json answered_groups(View& view, const Json& catalogue, const Json& answers);

} // namespace cunmai::http::pages
