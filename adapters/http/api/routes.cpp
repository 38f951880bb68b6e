// The API's table of contents.
#include "adapters/http/api/api.hpp"
#include "adapters/http/api/checked.hpp"
#include "adapters/http/api/endpoints.hpp"

namespace cunmai::http {

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
