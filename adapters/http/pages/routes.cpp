// The pages' table of contents.
#include "adapters/http/pages/account/sign_in.hpp"
#include "adapters/http/pages/pages.hpp"
#include "adapters/http/pages/view.hpp"

namespace cunmai::http {

// Every page, by the file that it stands in: each reads the request, asks the services and answers.
namespace pages {
using Page = Response(App& app, const Request& request);

// account/sign_in.cpp
Page show_sign_in, sign_in_now, sign_out, set_language;
// account/account.cpp
Page show_account, change_settings, change_password, add_delegation, end_delegation, add_interest, end_interest,
    end_session, end_other_sessions;
// work/bulk.cpp
Page choose_work, show_bulk, show_bulk_form, do_bulk;
// work/home.cpp
Page show_home;
// work/inbox.cpp
Page show_inbox, mark_read;
// work/work.cpp
Page show_work, claim_work;
// work/work_file.cpp
Page export_work;
// case/case_page.cpp
Page show_case;
// case/cases.cpp
Page show_cases, export_cases;
// case/command_form.cpp
Page show_command, do_command;
// case/decision.cpp
Page show_decision, decide;
// case/diagram_page.cpp
Page show_diagram;
// case/documents.cpp
Page show_evidence, show_document;
// case/opening.cpp
Page choose_place, show_opening, do_opening;
// case/prescriptions.cpp
Page show_prescriptions, export_prescriptions, show_sheet;
// case/record.cpp
Page show_record, show_refused;
// case/rounds.cpp
Page show_rounds, show_round, show_new_round, open_round;
// indicators/indicators.cpp
Page show_answers, show_indicators, save_indicators, check_indicators, submit_indicators;
// meetings/meetings.cpp
Page show_meetings, show_meeting, show_minutes, download_minutes;
// admin/admin.cpp
Page show_admin, show_deliveries, send_again;
// admin/admin_health.cpp
Page show_health;
// admin/admin_logs.cpp
Page show_access_log, show_admin_log;
// admin/admin_people.cpp
Page show_people, show_new_person, add_person, show_person, change_person, set_person_password, add_grant, remove_grant;
// admin/admin_places.cpp
Page show_places, put_place;
// admin/admin_rules.cpp
Page show_rules, set_rule;
// public/help.cpp
Page show_help, show_help_record;
} // namespace pages

namespace {

Route page(std::string method, std::string pattern, Access access, Handler handler) {
    Route route;
    route.method = std::move(method);
    route.pattern = std::move(pattern);
    route.access = access;
    route.handler = std::move(handler);
    return route;
}

Route shown_again(Route route) {
    route.shows_again = true;
    return route;
}

} // namespace

std::vector<Route> page_routes() {
    using namespace pages;
    constexpr auto open = Access::open, signed_in = Access::signed_in, system = Access::system,
                   security = Access::security, audit = Access::audit;
    // clang-format off
    return {
        page("GET",  "/sign-in",                               open,      show_sign_in),
        page("POST", "/sign-in",                               open,      sign_in_now),
        page("POST", "/sign-out",                              signed_in, sign_out),
        page("POST", "/language",                              open,      set_language),
        page("GET",  "/account",                               signed_in, show_account),
        page("POST", "/account/settings",                      signed_in, change_settings),
        page("POST", "/account/password",                      signed_in, change_password),
        page("POST", "/account/delegations",                   signed_in, add_delegation),
        page("POST", "/account/delegations/{id}/end",          signed_in, end_delegation),
        page("POST", "/account/interests",                     signed_in, add_interest),
        page("POST", "/account/interests/{id}/end",            signed_in, end_interest),
        page("POST", "/account/sessions/{id}/end",             signed_in, end_session),
        page("POST", "/account/sessions/end-others",           signed_in, end_other_sessions),

        page("GET",  "/",                                      signed_in, show_home),
        page("GET",  "/work",                                  signed_in, show_work),
        page("GET",  "/work.xlsx",                             signed_in, export_work),
        page("POST", "/work/claim",                            signed_in, claim_work),
        page("POST", "/work/bulk",                             signed_in, choose_work),
        page("GET",  "/work/bulk",                             signed_in, show_bulk),
        page("GET",  "/work/bulk/{definition}/{command}",      signed_in, show_bulk_form),
        shown_again(
        page("POST", "/work/bulk/{definition}/{command}",      signed_in, do_bulk)),

        page("GET",  "/cases",                                 signed_in, show_cases),
        page("GET",  "/cases.xlsx",                            signed_in, export_cases),
        page("GET",  "/refused",                               signed_in, show_refused),
        page("GET",  "/cases/{id}",                            signed_in, show_case),
        page("GET",  "/cases/{id}/answers",                    signed_in, show_answers),
        page("GET",  "/cases/{id}/evidence",                   signed_in, show_evidence),
        page("GET",  "/cases/{id}/record",                     signed_in, show_record),
        page("GET",  "/cases/{id}/diagram",                    signed_in, show_diagram),
        page("GET",  "/cases/{id}/do/{command}",               signed_in, show_command),
        shown_again(
        page("POST", "/cases/{id}/do/{command}",               signed_in, do_command)),
        page("GET",  "/cases/{id}/decide/{question}",          signed_in, show_decision),
        shown_again(
        page("POST", "/cases/{id}/decide/{question}",          signed_in, decide)),
        page("GET",  "/open/{definition}",                     signed_in, choose_place),
        page("GET",  "/open/{definition}/{place}",             signed_in, show_opening),
        page("GET",  "/open/{definition}/{place}/{command}",   signed_in, show_opening),
        shown_again(
        page("POST", "/open/{definition}/{place}/{command}",   signed_in, do_opening)),

        page("GET",  "/cases/{id}/indicators",                 signed_in, show_indicators),
        shown_again(
        page("POST", "/cases/{id}/indicators",                 signed_in, save_indicators)),
        page("GET",  "/cases/{id}/indicators/check",           signed_in, check_indicators),
        page("POST", "/cases/{id}/indicators/submit",          signed_in, submit_indicators),

        page("GET",  "/documents/{sha256}",                    signed_in, show_document),

        page("GET",  "/meetings",                              signed_in, show_meetings),
        page("GET",  "/meetings/{id}",                         signed_in, show_meeting),
        page("GET",  "/meetings/{id}/minutes",                 signed_in, show_minutes),
        page("GET",  "/meetings/{id}/minutes.docx",            signed_in, download_minutes),

        page("GET",  "/prescriptions",                         signed_in, show_prescriptions),
        page("GET",  "/prescriptions.xlsx",                    signed_in, export_prescriptions),
        page("GET",  "/prescriptions/{id}/sheet",              signed_in, show_sheet),
        page("GET",  "/rounds",                                signed_in, show_rounds),
        page("GET",  "/rounds/new",                            signed_in, show_new_round),
        shown_again(
        page("POST", "/rounds/new",                            signed_in, open_round)),
        page("GET",  "/rounds/{id}",                           signed_in, show_round),

        page("GET",  "/inbox",                                 signed_in, show_inbox),
        page("POST", "/inbox/read",                            signed_in, mark_read),

        page("GET",  "/admin",                                 signed_in, show_admin),
        page("GET",  "/admin/people",                          signed_in, show_people),
        page("GET",  "/admin/people/new",                      system,    show_new_person),
        page("POST", "/admin/people/new",                      system,    add_person),
        page("GET",  "/admin/people/{id}",                     signed_in, show_person),
        page("POST", "/admin/people/{id}",                     system,    change_person),
        page("POST", "/admin/people/{id}/password",            system,    set_person_password),
        page("POST", "/admin/people/{id}/grants",              security,  add_grant),
        page("POST", "/admin/people/{id}/grants/{grant}/end",  security,  remove_grant),
        page("GET",  "/admin/rules",                           system,    show_rules),
        page("POST", "/admin/rules",                           system,    set_rule),
        page("GET",  "/admin/places",                          system,    show_places),
        page("POST", "/admin/places",                          system,    put_place),
        page("GET",  "/admin/health",                          system,    show_health),
        page("GET",  "/admin/deliveries",                      system,    show_deliveries),
        page("POST", "/admin/deliveries",                      system,    send_again),
        page("GET",  "/admin/access-log",                      audit,     show_access_log),
        page("GET",  "/admin/log",                             audit,     show_admin_log),

        page("GET",  "/help",                                  open,      show_help),
        page("GET",  "/help/record",                           open,      show_help_record),
    };
    // clang-format on
}

namespace {

Response error_page(App& app, const Request& request, const Json& model, const std::string& back, int status) {
    pages::View view(app, request);
    view.model.update(model);
    view.model["back_href"] = pages::or_false(back);
    return view.page("error", status);
}

} // namespace

Faces page_faces() { return {error_page, pages::sign_in_and_go_on}; }

} // namespace cunmai::http
