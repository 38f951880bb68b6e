// Every endpoint of the API, by the file that it stands in. routes.cpp puts them at their addresses.
#pragma once

#include "adapters/http/api/describe.hpp"

namespace cunmai::http::api {

Endpoint sign_in(), sign_out();                                                     // sessions.cpp
Endpoint me(), change_me(), change_my_password(), my_sessions(), end_my_sessions(); // me.cpp
Endpoint list_places(), get_place(), count_cases(), opening_commands();             // places.cpp
Endpoint open_case(), list_cases(), get_case();                                     // cases.cpp
Endpoint list_commands(), give_command();                                           // commands.cpp
Endpoint history(), refusals();                                                     // history.cpp
Endpoint ballots();                                                                 // ballots.cpp
Endpoint worklist(), work_counts(), claim(), release();                             // worklist.cpp
Endpoint add_attachment(), get_attachment(), case_documents();                      // attachments.cpp
Endpoint get_draft(), change_draft();                                               // drafts.cpp
Endpoint catalogue(), list_rules(), get_rule(), set_rule(), rule_changes(),         // rules.cpp
    rule_proposal(), approve_rule();
Endpoint open_round(), round_progress();                                             // rounds.cpp
Endpoint notifications(), mark_read(), mark_all_read(), events();                    // notifications.cpp
Endpoint delivery_failures(), send_again();                                          // notifications.cpp
Endpoint list_people(), get_person(), add_person(), change_person(), set_password(); // people.cpp
Endpoint list_grants(), add_grant(), remove_grant();                                 // grants.cpp
Endpoint delegations(), delegate(), end_delegation();                                // delegations.cpp
Endpoint interests(), declare_interest(), end_interest();                            // delegations.cpp
Endpoint access_log(), admin_log();                                                  // logs.cpp
Endpoint definitions(), definition();                                                // definitions.cpp
Endpoint clock(), move_clock(), settle();                                            // demo_clock.cpp
Endpoint openapi();                                                                  // openapi.cpp

// The OpenAPI 3.1 document, made from the route table and the definitions.
Json openapi_document(const std::vector<Route>& routes, const engine::Registry& registry);

} // namespace cunmai::http::api
