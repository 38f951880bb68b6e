// The handlers of all pages. Each reads the request, asks the services and answers: no rule, no SQL, no HTML.
#pragma once

#include "adapters/http/edge/http.hpp"

namespace cunmai::http::pages {

// sign-in and account
Response show_sign_in(App& app, const Request& request);
Response sign_in_now(App& app, const Request& request);
Response sign_out(App& app, const Request& request);
Response set_language(App& app, const Request& request);
Response show_account(App& app, const Request& request);
Response change_settings(App& app, const Request& request);
Response change_password(App& app, const Request& request);
Response add_delegation(App& app, const Request& request);
Response end_delegation(App& app, const Request& request);
Response add_interest(App& app, const Request& request);
Response end_interest(App& app, const Request& request);
Response end_session(App& app, const Request& request);
Response end_other_sessions(App& app, const Request& request);

// home and worklist
Response show_home(App& app, const Request& request);
Response show_work(App& app, const Request& request);
Response export_work(App& app, const Request& request);
Response claim_work(App& app, const Request& request);
Response choose_work(App& app, const Request& request);
Response show_bulk(App& app, const Request& request);
Response show_bulk_form(App& app, const Request& request);
Response do_bulk(App& app, const Request& request);

// cases
Response show_cases(App& app, const Request& request);
Response export_cases(App& app, const Request& request);
Response show_case(App& app, const Request& request);
Response show_answers(App& app, const Request& request);
Response show_evidence(App& app, const Request& request);
Response show_record(App& app, const Request& request);
Response show_refused(App& app, const Request& request);
Response show_diagram(App& app, const Request& request);
Response show_command(App& app, const Request& request);
Response do_command(App& app, const Request& request);
Response show_decision(App& app, const Request& request);
Response decide(App& app, const Request& request);
Response choose_place(App& app, const Request& request);
Response show_opening(App& app, const Request& request);
Response do_opening(App& app, const Request& request);

// indicator form
Response show_indicators(App& app, const Request& request);
Response save_indicators(App& app, const Request& request);
Response check_indicators(App& app, const Request& request);
Response submit_indicators(App& app, const Request& request);

// evidence viewer
Response show_document(App& app, const Request& request);

// meetings and ballots
Response show_meetings(App& app, const Request& request);
Response show_meeting(App& app, const Request& request);
Response show_minutes(App& app, const Request& request);
Response download_minutes(App& app, const Request& request);

// prescriptions, rounds
Response show_prescriptions(App& app, const Request& request);
Response export_prescriptions(App& app, const Request& request);
Response show_sheet(App& app, const Request& request);
Response show_rounds(App& app, const Request& request);
Response show_round(App& app, const Request& request);
Response show_new_round(App& app, const Request& request);
Response open_round(App& app, const Request& request);

// notifications
Response show_inbox(App& app, const Request& request);
Response mark_read(App& app, const Request& request);

// administration
Response show_admin(App& app, const Request& request);
Response show_people(App& app, const Request& request);
Response show_new_person(App& app, const Request& request);
Response add_person(App& app, const Request& request);
Response show_person(App& app, const Request& request);
Response change_person(App& app, const Request& request);
Response set_person_password(App& app, const Request& request);
Response add_grant(App& app, const Request& request);
Response remove_grant(App& app, const Request& request);
Response show_rules(App& app, const Request& request);
Response set_rule(App& app, const Request& request);
Response show_places(App& app, const Request& request);
Response put_place(App& app, const Request& request);
Response show_health(App& app, const Request& request);
Response show_deliveries(App& app, const Request& request);
Response send_again(App& app, const Request& request);
Response show_access_log(App& app, const Request& request);
Response show_admin_log(App& app, const Request& request);

// help
Response show_help(App& app, const Request& request);
Response show_help_record(App& app, const Request& request);

} // namespace cunmai::http::pages
