// Random officers of all roles: the next request of one of them, usually legal, sometimes not.
#pragma once

#include "engine/case_service.hpp"
#include "tests/simulation/backend.hpp"
#include "tests/simulation/dice.hpp"

namespace cunmai::simulation {

class Officers {
  public:
    Officers(Backend& backend, Dice& dice) : backend_(backend), dice_(dice) {}

    // `legal`: nothing wrong on purpose. The request has no idempotency key yet.
    engine::CommandRequest wish(engine::CaseService& service, Instant now, bool legal);

    // A payload that fits the command's fields, and makes sense where a workflow looks closer.
    Json payload(const engine::DefinitionInfo& info, const std::string& command, const engine::CaseRow& row,
                 const PersonId& person, Instant now);

  private:
    using Request = engine::CommandRequest;
    std::optional<Request> from_task(Instant now);
    std::optional<Request> from_offers(engine::CaseService& service, Instant now);
    std::optional<Request> from_rows(Instant now);
    Request of_meeting(Instant now);
    Request opening(Instant now);
    Request anything(Instant now);
    void spoil(Request& request);

    std::optional<engine::CaseRow> a_case();
    PersonId who_may(const engine::CaseRow& row, const std::vector<std::string>& who);
    Request for_case(const engine::CaseRow& row, const std::string& command, const PersonId& person, Instant now);
    Json value(const engine::Field& field, Instant now);
    std::optional<engine::CaseRow> newest(std::string_view definition, const std::vector<std::string>& states);
    std::vector<std::string> awaiting_vote();

    Backend& backend_;
    Dice& dice_;
};

// The documents of the world that the payload names, as whoever takes a command in finds them: of the answers also what
// they name.
std::vector<std::string> documents_named(const std::string& payload);

} // namespace cunmai::simulation
