// What the form of one command and the page of a decision between several share.
#pragma once

#include "adapters/http/pages/case/case_model.hpp"
#include "adapters/http/pages/case/giving.hpp"
#include "adapters/http/pages/forms.hpp"

namespace cunmai::http::pages {

// Null for what is not offered now, and for commands that only the engine gives.
const engine::Offer* find_offer(const std::vector<engine::Offer>& offers, std::string_view command);

// What the command's fields were linked with or stand with; a link may fill in what its page already knows.
Typed first_typed(View& view, const engine::Definition& definition, const engine::CaseRow& row,
                  const std::string& command, const engine::Fields& fields);

// Where an accepted command leads: to what was opened, or to the receipt on the case.
Response to_receipt(const View& view, const engine::CaseId& id, const engine::Outcome& outcome,
                    const engine::PersonId& as);

// Of a command that was not accepted: its status; in a conflict the page tells what changed since `seen`, which becomes
// the version that the person sees now.
int put_refused(View& view, const engine::CaseRow& now, const Given& given, std::int64_t& seen);

} // namespace cunmai::http::pages
