// What is counted while Cunmai runs, in the text format of Prometheus. Labels are words of the program (a definition,
// an outcome, a route's template): never a case, a place, a person or anything that was typed. Safe from many threads.
#pragma once

#include "db/service/backlog.hpp"
#include "engine/case_service.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cunmai {

class Metrics final : public db::Observer {
  public:
    Metrics();
    ~Metrics() override;

    void command(std::string_view definition, std::string_view outcome);
    void request(std::string_view method, std::string_view route, int status, double seconds);
    void connection_refused(std::string_view why);
    void password_checked();
    void timers_due(std::size_t due, std::size_t fired, std::size_t failed); // the others were not wanted any more

    // Of db/.
    void batch(int commands, double commit_seconds) override;
    void retried(std::string_view cause) override;
    void node_switched(const std::string& from, const std::string& to, const std::string& why) override;

    // A number that is asked for whenever somebody looks, until the watch is given up.
    using Watch = std::shared_ptr<void>;
    [[nodiscard]] Watch watch(const std::string& name, const std::string& help, std::function<double()> ask);

    // Nothing: the database can't be read; what it would have told is NaN, the rest is as good as ever.
    void waiting_work(const std::optional<db::Backlog>& backlog, engine::Instant now);

    std::string text() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

// The only door to the cases, with everything that passes it counted.
class CountedService : public engine::CaseService {
  public:
    CountedService(engine::Store& store, const engine::Registry& registry, const engine::Roles& roles,
                   const engine::Clock& clock, std::string secret, Metrics& metrics)
        : CaseService(store, registry, roles, clock, std::move(secret)), registry_(registry), metrics_(metrics) {}

    engine::Outcome execute(const engine::CommandRequest& request);
    engine::Outcome fire(const engine::CaseId& case_id, const std::string& timer_key, const std::string& command);
    std::size_t fire_all(const std::vector<engine::Firing>& due,
                         const std::function<void(const engine::Firing&, const std::exception&)>& failed);

  private:
    void ran_again(std::string_view cause) override { metrics_.retried(cause); }
    engine::Outcome counted(const std::string& definition, const std::function<engine::Outcome()>& command);

    const engine::Registry& registry_;
    Metrics& metrics_;
};

} // namespace cunmai
