// The API's table of contents.
#include "adapters/http/api/api.hpp"
#include "adapters/http/api/checked.hpp"
#include "adapters/http/api/describe.hpp"

namespace cunmai::http {

// Every endpoint, by the file that it stands in.
namespace api {
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
} // namespace api

namespace {

Route at(std::string method, const std::string& pattern, Access access, api::Endpoint endpoint) {
    Route route;
    route.method = std::move(method);
    route.pattern = "/api/v1" + pattern;
    route.access = access;
    route.streams = endpoint.streams;
    route.doc = endpoint.doc;
    route.handler = api::checked(std::move(endpoint));
    return route;
}

} // namespace

std::vector<Route> api_routes() {
    using namespace api;
    constexpr auto open = Access::open, signed_in = Access::signed_in, system = Access::system,
                   security = Access::security, audit = Access::audit, demo = Access::demo;
    // clang-format off
    return {
        at("POST",   "/session",                           open,      api::sign_in()),
        at("DELETE", "/session",                           signed_in, sign_out()),
        at("GET",    "/me",                                signed_in, me()),
        at("PATCH",  "/me",                                signed_in, change_me()),
        at("PUT",    "/me/password",                       signed_in, change_my_password()),
        at("GET",    "/me/sessions",                       signed_in, my_sessions()),
        at("DELETE", "/me/sessions",                       signed_in, end_my_sessions()),

        at("GET",    "/places",                            signed_in, list_places()),
        at("GET",    "/places/{code}",                     signed_in, get_place()),
        at("GET",    "/places/{code}/counts",              signed_in, count_cases()),
        at("GET",    "/places/{code}/commands",            signed_in, opening_commands()),

        at("POST",   "/cases",                             signed_in, open_case()),
        at("GET",    "/cases",                             signed_in, list_cases()),
        at("GET",    "/cases/{id}",                        signed_in, get_case()),
        at("GET",    "/cases/{id}/commands",               signed_in, list_commands()),
        at("POST",   "/cases/{id}/commands/{name}",        signed_in, give_command()),
        at("GET",    "/cases/{id}/history",                signed_in, history()),
        at("GET",    "/cases/{id}/refusals",               signed_in, refusals()),
        at("GET",    "/cases/{id}/ballots",                signed_in, ballots()),
        at("GET",    "/cases/{id}/documents",              signed_in, case_documents()),
        at("GET",    "/cases/{id}/draft",                  signed_in, get_draft()),
        at("PATCH",  "/cases/{id}/draft",                  signed_in, change_draft()),
        at("PUT",    "/cases/{id}/claims/{name}",          signed_in, claim()),
        at("DELETE", "/cases/{id}/claims/{name}",          signed_in, release()),

        at("GET",    "/worklist",                          signed_in, worklist()),
        at("GET",    "/worklist/counts",                   signed_in, work_counts()),

        at("POST",   "/attachments",                       signed_in, add_attachment()),
        at("GET",    "/attachments/{sha256}",              signed_in, get_attachment()),

        at("POST",   "/rounds",                            signed_in, open_round()),
        at("GET",    "/rounds/{id}",                       signed_in, round_progress()),

        at("GET",    "/notifications",                     signed_in, notifications()),
        at("POST",   "/notifications/read",                signed_in, mark_all_read()),
        at("POST",   "/notifications/{id}/read",           signed_in, mark_read()),
        at("GET",    "/events",                            signed_in, events()),
        at("GET",    "/deliveries/failures",               system,    delivery_failures()),
        at("POST",   "/deliveries/{id}/retry",             system,    send_again()),

        at("GET",    "/people",                            signed_in, list_people()),
        at("POST",   "/people",                            system,    add_person()),
        at("GET",    "/people/{id}",                       signed_in, get_person()),
        at("PATCH",  "/people/{id}",                       system,    change_person()),
        at("PUT",    "/people/{id}/password",              system,    set_password()),
        at("GET",    "/grants",                            signed_in, list_grants()),
        at("POST",   "/grants",                            security,  add_grant()),
        at("DELETE", "/grants/{id}",                       security,  remove_grant()),
        at("GET",    "/delegations",                       signed_in, delegations()),
        at("POST",   "/delegations",                       signed_in, delegate()),
        at("DELETE", "/delegations/{id}",                  signed_in, end_delegation()),
        at("GET",    "/interests",                         signed_in, interests()),
        at("POST",   "/interests",                         signed_in, declare_interest()),
        at("DELETE", "/interests/{id}",                    signed_in, end_interest()),

        at("GET",    "/catalogue",                         signed_in, catalogue()),
        at("GET",    "/rules",                             signed_in, list_rules()),
        at("GET",    "/rules/{key}",                       signed_in, get_rule()),
        at("PUT",    "/rules/{key}",                       system,    set_rule()),
        at("GET",    "/rules/{key}/changes",               signed_in, rule_changes()),
        at("GET",    "/rules/{key}/proposal",              signed_in, rule_proposal()),
        at("POST",   "/rules/{key}/approval",              system,    approve_rule()),
        at("GET",    "/definitions",                       signed_in, definitions()),
        at("GET",    "/definitions/{key}",                 signed_in, definition()),

        at("GET",    "/access-log",                        audit,     access_log()),
        at("GET",    "/admin-log",                         audit,     admin_log()),

        at("GET",    "/demo/clock",                        demo,      api::clock()),
        at("PUT",    "/demo/clock",                        demo,      move_clock()),
        at("POST",   "/demo/settle",                       demo,      settle()),
        at("GET",    "/openapi.json",                      open,      openapi()),
    };
    // clang-format on
}

} // namespace cunmai::http
