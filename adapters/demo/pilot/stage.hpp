// What all acts of the pilot share: the server, the people, the calendar of the story, and what was opened so far.
#pragma once

#include "adapters/demo/pilot/checks.hpp"
#include "adapters/demo/pilot/pilot.hpp"
#include "adapters/demo/pilot/story.hpp"
#include "engine/time.hpp"

#include <functional>
#include <optional>

namespace cunmai::pilot {

struct Prescription {
    std::string id;
    const Tale* tale = nullptr;
    std::size_t number = 0;  // within the village's treatments
    std::string responsible; // sign-in name

    bool is(const std::string& twist) const { return number == 0 && tale->has(twist); }
    bool is_late() const { return is("late"); }
    bool is_extended() const { return number == 1 && tale->has("extension_granted"); }
    bool is_duplicate() const { return number == 3 && tale->has("one_cancelled"); } // a fourth one, cancelled
};

class Stage {
  public:
    explicit Stage(const Options& options); // throws Unreachable when the server is no demo server

    const Options options;
    const Story story;
    SignIns sign_ins;
    ApiClient api; // of the main thread
    Checks checks;

    Json catalogue;
    std::string round;                        // id of the round's case
    std::map<std::string, std::string> cases; // village code → case id
    std::map<std::string, std::string> names; // village code → name
    std::vector<Prescription> prescriptions;  // in no order

    const std::string& case_of(const std::string& village) const { return cases.at(village); }
    const std::string& case_of(const Tale& tale) const { return cases.at(tale.village); }
    std::vector<const Tale*> tales(const std::function<bool(const Tale&)>& wanted = {}) const;
    const Tale& the_tale(const std::string& twist) const; // the first with it

    // Does the work for 0 … count-1 on two connections, with a progress bar of the step (message pilot.step.<step>).
    using Work = std::function<void(ApiClient&, std::size_t)>;
    void each(const std::string& step, std::size_t count, const Work& work);
    void each(const std::string& step, const std::vector<const Tale*>& tales,
              const std::function<void(ApiClient&, const Tale&)>& work);

    // Days are counted from the day the pilot began.
    void go_to_day(int day); // moves the server's clock and lets it do what is due
    int day() const { return day_; }
    std::string date(int day) const; // of the story's day
    std::string today() const { return date(day_); }

    std::string text(const std::string& key) const { return story.text(key); }
    // A small document of that person, never the same twice.
    std::string evidence(ApiClient& client, const std::string& login, const std::string& about);

  private:
    engine::Date start_;
    int day_ = 0;
};

} // namespace cunmai::pilot
