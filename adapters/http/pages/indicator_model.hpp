// The indicators of a self-check: catalogue, draft, last answers, and how a form's fields become answers.
#pragma once

#include "adapters/http/pages/view.hpp"
#include "adapters/http/pages/words.hpp"

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

// What the posted form says, for every indicator that it differs for; files are checked and stored.
struct Read {
    Json changed = Json::object();
    engine::Refusal refusal; // fields: value_CODE
};
Read read_answers(View& view, const Json& catalogue, const Json& draft);

// Problems of the draft, one reason per indicator, fields value_CODE (workflows' self_check says what is missing).
engine::Refusal problems_of(const View& view, const Json& catalogue, const Json& draft);

// Five groups for the form: head, progress and the partial `indicator_row` for each.
Json groups(View& view, const Json& catalogue, const Json& draft, const LastAnswers& last,
            const engine::Refusal& problems);
// Five groups for reading: name, value, colour, evidence.
Json answered_groups(View& view, const Json& catalogue, const Json& answers);

} // namespace cunmai::http::pages
