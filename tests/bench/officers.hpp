// A whole Cunmai without a server, and officers who give commands all the time: each at a case of their own, which goes
// back and forth between screening in the town and review by the departments. Every command is a complete one: it is
// authorised and decided, and writes the case's row, one event, one work item in place of another, one notice for the
// outbox and the reply under its idempotency key.
#pragma once

#include "adapters/services/app.hpp"

#include <memory>
#include <string>
#include <vector>

namespace cunmai::bench {

struct Officer {
    engine::CaseId case_id;
    engine::PersonId supervisor;
    std::string state;
    std::int64_t version = 0;
    int given = 0;
};

class Officers {
  public:
    // REQUIRES: an empty database. Opens one case for each officer.
    Officers(const std::string& data_dir, const std::string& database_url, int officers);
    ~Officers();

    // Every officer gives so many commands, each from a thread of their own, the next when the last was answered.
    // Returns commands per second; throws when one is not accepted.
    double give(int each);
    // The same one after the other, from this thread: officer 0, 1, 2, … and around again.
    void give_in_turn(int each);
    const std::vector<double>& latencies() const { return latencies_; } // seconds, of the last give()

    App& app() { return *app_; }
    const std::vector<Officer>& all() const { return officers_; }
    static engine::PersonId panel_leader() { return {"bench-panel"}; }
    engine::CommandRequest next_command(const Officer& officer) const;

  private:
    void add_places_and_people(int officers);
    void set_rules();
    void open_cases();
    void one(Officer& officer);

    std::unique_ptr<App> app_;
    std::vector<Officer> officers_;
    std::vector<double> latencies_;
};

inline constexpr auto bench_district = "990100";
std::string bench_town(int number);              // code
std::string bench_village(int town, int number); // code
std::vector<engine::Place> bench_places(int towns, int villages_each);
// Somebody with one role at one place; can't sign in.
void add_officer(App& app, const engine::PersonId& id, const std::string& role, const engine::Place& place,
                 const std::string& qualifier = "");

} // namespace cunmai::bench
