// A page in the making: its reader, the language, and the model for the template. Every page is made with a View, so
// that head, navigation, flash and error summary are the same everywhere. A model holds text, booleans, lists and
// objects, never markup. A missing value is `false`.
#pragma once

#include "adapters/http/edge/addresses.hpp"
#include "adapters/http/edge/input.hpp"
#include "adapters/services/reading.hpp"
#include "adapters/words/names.hpp"

namespace cunmai::http::pages {

using namespace words;

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
    Reading reading() const { return {app, viewer()}; }

    // Instants in the district's local time, "2025-03-01 16:00", and the date alone. Pages write instants in no other
    // way.
    std::string local(engine::Instant at) const;
    std::string local_day(engine::Instant at) const;

    // The number of a case (db/cases/case_numbers.hpp). Lists first ask for the numbers of all their cases at once.
    const std::string& number(const engine::CaseId& id) const;
    void want_numbers(const std::vector<engine::CaseRow>& rows) const;

    const Json& calendar() const; // holidays and make-up workdays; read once per page

    View& title(std::string text);
    View& crumb(std::string href, std::string label);
    View& flash(std::string_view kind, std::string text); // good, warn, bad, info
    // The error summary; `prefix` as in read_form().
    View& wrong(const engine::Refusal& refusal, const std::string& prefix = "");
    Response page(std::string_view name, int status = 200);

  private:
    mutable std::optional<Json> calendar_;
    mutable std::map<std::string, std::string> numbers_;
};

// `done` and `not_done` in the query name messages page.done.<code> and page.not_done.<code>: what a form did, or could
// not do, before it redirected to this page.
void show_what_was_done(View& view);

Json or_false(const std::string& text); // templates test for false, not for ""
std::string new_key();                  // 32 hex characters, random: idempotency key of one form

[[noreturn]] void not_found();

} // namespace cunmai::http::pages
