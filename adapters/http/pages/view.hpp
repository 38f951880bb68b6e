// A page on its way: who asks, in which language, and the model that its template reads. Every page is made through
// here, so that head, navigation, flash and error summary are the same everywhere.
// A model holds text, booleans, lists and objects, never markup. A value that is not there is `false`.
#pragma once

#include "adapters/http/edge/http.hpp"
#include "adapters/words/texts.hpp"

namespace cunmai::http::pages {

class View {
  public:
    View(App& app, const Request& request);

    App& app;
    const Request& request;
    Json model;

    std::string t(std::string_view key, const Json& facts = Json::object()) const;
    const std::string& language() const { return request.language; }
    const engine::Viewer& viewer() const { return request.who().viewer; }
    const engine::PersonId& me() const { return request.who().person.id; }

    // Instants as the district's clocks show them: "2025-03-01 16:00", and the date alone. No page writes one
    // otherwise.
    std::string local(engine::Instant at) const;
    std::string local_day(engine::Instant at) const;

    // The number of a case (db/case_numbers.hpp). Lists ask for all of theirs at once, first.
    const std::string& number(const engine::CaseId& id) const;
    void want_numbers(const std::vector<engine::CaseRow>& rows) const;

    const Json& calendar() const; // of holidays and make-up workdays; asked for once

    View& title(std::string text);
    View& crumb(std::string href, std::string label);
    View& flash(std::string_view kind, std::string text); // good, warn, bad, info
    View& wrong(const engine::Refusal& refusal);          // the error summary
    Response page(std::string_view name, int status = 200);

  private:
    mutable std::optional<Json> calendar_;
    mutable std::map<std::string, std::string> numbers_;
};

// `done` in the query names a message page.done.<code>, `not_done` one page.not_done.<code>: what a form did, or could
// not do, before it redirected here.
void show_what_was_done(View& view);

// Where to go back to: a path of this server, or `otherwise`.
std::string safe_back(const std::string& wish, const std::string& otherwise);

// A path with one more word in its query: "/work?box=done", "not_done=claim_gone".
std::string with_word(const std::string& path, const std::string& word);

std::string form_value(const Request& request, std::string_view key); // first one, trimmed; "" when absent
std::vector<std::string> form_values(const Request& request, std::string_view key);

Json or_false(const std::string& text);    // templates test for false, not for ""
std::string encode(std::string_view text); // one component of a URL
std::string new_key();                     // 32 hex characters, random: idempotency key of one form

// A query string from the request's own, with some keys changed (empty value: removed). Starts with "?" unless empty.
std::string query_with(const Request& request, const std::vector<std::pair<std::string, std::string>>& changes);

[[noreturn]] void not_found();

} // namespace cunmai::http::pages
