#include "engine/execution.hpp"

#include "engine/fingerprint.hpp"
#include "engine/json_text.hpp"
#include "engine/needs.hpp"
#include "engine/outcome.hpp"

#include <algorithm>
#include <utility>

namespace cunmai::engine {

namespace {

constexpr int depth_max = 3; // a case tells its parent, which tells its meeting: deeper is a mistake in a workflow

Outcome at_row(Outcome::Kind kind, const CaseRow& row) {
    Outcome outcome;
    outcome.kind = kind;
    outcome.case_id = row.id;
    outcome.state = row.state;
    outcome.version = row.version;
    outcome.definition = row.definition;
    return outcome;
}

bool by_role(const std::vector<std::string>& who, const Json& context, const PersonId& acting_for) {
    const auto& roles = context.at("roles");
    const auto& relations = context.at("relations");
    return std::any_of(who.begin(), who.end(), [&](const std::string& one) {
        if (std::find(roles.begin(), roles.end(), one) != roles.end()) return true;
        const auto people = relations.find(one);
        if (people == relations.end()) return false;
        return people->is_array() ? std::find(people->begin(), people->end(), acting_for.text) != people->end()
                                  : *people == acting_for.text;
    });
}

std::vector<Timer> those_not_in(const std::vector<Timer>& before, std::vector<Timer> timers) {
    std::erase_if(timers,
                  [&](const Timer& one) { return std::find(before.begin(), before.end(), one) != before.end(); });
    return timers;
}

Json described(const Place& place) {
    return {{"code", place.code},
            {"name", place.name},
            {"parent", place.parent},
            {"level", place.level},
            {"path", place.path}};
}

} // namespace

std::string body_hash(const CommandRequest& request, const std::string& secret, const std::string& without_field) {
    auto payload = request.payload;
    if (!without_field.empty() && payload.is_object()) payload.erase(without_field);
    const auto text = text_of(Json::array({request.case_id, request.definition, request.place_code, request.batch,
                                           request.name, std::move(payload), request.on_behalf_of}));
    return to_hex(hmac_sha256_raw(secret, text));
}

std::string Execution::hash_without(const CommandRequest& request, const std::string& sealed_field) const {
    return sealed_field.empty() ? std::string(hash_) : body_hash(request, env_.secret, sealed_field);
}

std::optional<Subject> Execution::find(const CaseId& id) {
    auto row = tx_.load(id);
    if (!row) return {};
    Subject subject{std::move(*row), nullptr};
    subject.definition = env_.registry.find(subject.row.definition, subject.row.definition_version);
    if (!subject.definition)
        throw std::runtime_error("case " + id.text + " runs on " + subject.row.definition + " version " +
                                 std::to_string(subject.row.definition_version) + ", which this program does not have");
    return subject;
}

std::optional<Subject> Execution::new_subject(const Definition* definition, const Place& place) {
    if (!definition) return {};
    Subject subject;
    subject.definition = definition;
    subject.row.definition = definition->info().key;
    subject.row.definition_version = definition->info().version;
    subject.row.state = not_opened;
    subject.row.place = place;
    subject.row.one_open_per_place = definition->info().one_open_per_place;
    subject.row.opened_at = env_.now;
    return subject;
}

bool Execution::base_context(const Subject& subject, const PersonId& actor, const PersonId& on_behalf_of,
                             Json& context) {
    if (!authorise(tx_, env_.roles, actor, on_behalf_of, env_.now, subject.row.place.path, context)) return false;
    const bool has_relations =
        subject.row.version != 0 &&
        (actor == system_person || may_use_relations(env_.roles, context.at("roles"), !on_behalf_of.empty()));
    context["relations"] = has_relations ? subject.definition->relations(subject.view()) : Json::object();
    context["today"] = to_text(local_date(env_.now));
    if (subject.row.version == 0) {
        context["place"] = described(subject.row.place);
        context["parent"] = subject.row.parent;
        context["batch"] = subject.row.batch;
    }
    return true;
}

// ---- the door: what a person's command must pass before its workflow is asked ------------------------------------

Execution::Order Execution::order_of(const CommandRequest& request) {
    return {request.name,       request.payload, request.actor,      request.on_behalf_of,
            request.request_id, false,           request.objections, false};
}

std::optional<Subject> Execution::target_of(const CommandRequest& request) {
    if (!request.case_id.empty()) return find(request.case_id);
    const auto place = tx_.place(request.place_code);
    if (!place) return {};
    auto subject = new_subject(env_.registry.newest(request.definition), *place);
    if (subject) subject->row.batch = request.batch;
    return subject;
}

// Keeps what was refused at the door. An attempt by a person without access to the place is marked, so that only the
// place's auditor can read it.
void Execution::keep_attempt(const CommandRequest& request, const Subject& subject, Outcome::Kind kind, Refusal why) {
    if (!viewer_of(tx_, env_.roles, request.actor, env_.now).sees(subject.row.place.path))
        why.add(outside_jurisdiction);
    refused(subject, order_of(request), kind, std::move(why));
}

// Whether the case has moved on since the version that the person saw. It does not count when the command and all that
// came since commute.
bool Execution::was_overtaken(const CommandRequest& request, const Subject& subject) {
    constexpr std::int64_t commuted_max = 200;
    if (!request.expected_version) return false;
    const auto since = subject.row.version - *request.expected_version;
    if (since == 0) return false;
    const auto& info = subject.definition->info();
    const auto commutes = [&](const std::string& name) {
        const auto* command = info.command(name);
        return command && command->commutes;
    };
    if (!commutes(request.name) || since < 0 || since > commuted_max) return true;
    const auto commands = tx_.commands_since(subject.row.id, *request.expected_version, commuted_max);
    return static_cast<std::int64_t>(commands.size()) != since ||
           !std::all_of(commands.begin(), commands.end(), commutes);
}

std::optional<Outcome> Execution::seen_before(const CommandRequest& request) {
    if (request.idempotency_key.empty()) return {};
    const auto reply = tx_.reply(request.actor, request.idempotency_key);
    if (!reply) return {};
    if (reply->body_hash == hash_without(request, reply->outcome.value("sealed_field", "")))
        return outcome_of(reply->outcome);
    Outcome reused;
    reused.kind = Outcome::Kind::key_reused;
    reused.refusal.add("key_reused");
    if (const auto subject = target_of(request)) keep_attempt(request, *subject, reused.kind, reused.refusal);
    return reused;
}

std::optional<Outcome> Execution::locate(const CommandRequest& request, Passage& passage) {
    passage.subject = target_of(request);
    return passage.subject ? std::nullopt : std::optional(Outcome{});
}

std::optional<Outcome> Execution::may_know(const CommandRequest& request, Passage& passage) {
    const auto& subject = *passage.subject;
    if (viewer_of(tx_, env_.roles, request.actor, env_.now).sees(subject.row.place.path)) return {};
    keep_attempt(request, subject, Outcome::Kind::not_found, {});
    return Outcome{};
}

std::optional<Outcome> Execution::is_up_to_date(const CommandRequest& request, Passage& passage) {
    auto& row = passage.subject->row;
    if (row.version == 0) row.id = tx_.new_case_id();
    if (row.version == 0 || !was_overtaken(request, *passage.subject)) return {};
    if (auto first = seen_before(request)) return first; // the same command, committed while we waited for the row
    return at_row(Outcome::Kind::conflict, row);
}

std::optional<Outcome> Execution::is_for_people(const CommandRequest& request, Passage& passage) {
    const auto* info = passage.subject->definition->info().command(request.name);
    if (info && !info->internal) return {};
    Refusal why;
    why.add("unknown_command", {{"command", request.name}});
    return refused(*passage.subject, order_of(request), Outcome::Kind::unknown_command, std::move(why));
}

std::optional<Outcome> Execution::may_stand_in(const CommandRequest& request, Passage& passage) {
    const auto& subject = *passage.subject;
    Refusal why;
    if (subject.definition->info().command(request.name)->personal && !request.on_behalf_of.empty())
        why.add("vote_not_delegable");
    else if (!base_context(subject, request.actor, request.on_behalf_of, passage.context))
        why.add("no_such_delegation");
    if (why.empty()) return {};
    return refused(subject, order_of(request), Outcome::Kind::forbidden, std::move(why));
}

// Keeps the outcome under the key, so that what a client was told stays true: a server that froze while it held the
// same request finds this outcome when it wakes.
Outcome Execution::kept(const CommandRequest& request, Outcome outcome) {
    if (request.idempotency_key.empty() || outcome.replayed) return outcome;
    if (const auto kept = kept_of(outcome))
        tx_.keep_reply(request.actor, request.idempotency_key, outcome.version == 0 ? CaseId{} : outcome.case_id,
                       {hash_without(request, outcome.sealed_field), *kept});
    return outcome;
}

Outcome Execution::already_open(const CommandRequest& request) {
    if (auto first = seen_before(request)) return *first;
    Passage passage;
    auto outcome = stopped(request, passage, {&Execution::locate, &Execution::may_know});
    if (!outcome) {
        Refusal why;
        why.add("already_open", {{"place", passage.subject->row.place.name}});
        outcome = refused(*passage.subject, order_of(request), Outcome::Kind::refused, std::move(why));
    }
    return kept(request, std::move(*outcome));
}

// The way of a person's command. Each check lets it pass or says what becomes of it; the first that stops it decides.
Outcome Execution::run(const CommandRequest& request) {
    if (auto first = seen_before(request)) return *first;
    Passage passage;
    auto outcome = stopped(request, passage,
                           {
                               &Execution::locate,        // the case, or the place of a new one
                               &Execution::may_know,      // whether this person may know of what lies there
                               &Execution::is_up_to_date, // the version that they saw
                               &Execution::is_for_people, // the workflow has the command, and not for itself
                               &Execution::may_stand_in,  // for whom they say
                           });
    if (!outcome) outcome = given(request, passage); // is it possible, may they do it, is it complete; decide, write
    return kept(request, std::move(*outcome));
}

std::optional<Outcome> Execution::stopped(const CommandRequest& request, Passage& passage,
                                          std::initializer_list<Check> checks) {
    for (const auto check : checks)
        if (auto outcome = (this->*check)(request, passage)) return outcome;
    return {};
}

Outcome Execution::given(const CommandRequest& request, Passage& passage) {
    // What came since commutes with it. Where nothing is noted, the person had the version before the event.
    if (request.expected_version && *request.expected_version != passage.subject->row.version)
        passage.context["version_seen"] = *request.expected_version;
    auto outcome = decide_and_apply(*passage.subject, order_of(request), std::move(passage.context), 0);
    if (outcome.kind == Outcome::Kind::accepted && !request.documents.empty()) {
        tx_.link_documents(outcome.case_id, request.documents);
        if (!outcome.created.empty()) tx_.link_documents(outcome.created, request.documents);
    }
    return outcome;
}

Outcome Execution::fire(const CaseId& id, const std::string& timer_key, const std::string& command) {
    tx_.finish_timer(id, timer_key, env_.now);
    auto subject = find(id);
    if (!subject) return {};
    const auto wanted = subject->definition->timers(subject->view());
    const bool due = std::any_of(wanted.begin(), wanted.end(), [&](const Timer& timer) {
        return timer.key == timer_key && timer.command == command && timer.due_at <= env_.now;
    });
    if (!due) return at_row(Outcome::Kind::not_here, subject->row);
    Json context = Json::object();
    base_context(*subject, system_person, {}, context);
    auto outcome = decide_and_apply(*subject, {command, Json::object(), system_person, {}, "timer:" + timer_key, true},
                                    std::move(context), 0);
    // A timer that the case still wants must not be lost: everything is rolled back, and the timer is tried again
    // later.
    if (outcome.kind != Outcome::Kind::accepted)
        throw std::runtime_error("timer " + timer_key + " of case " + id.text +
                                 " was refused: " + engine::to_json(outcome.refusal).dump());
    return outcome;
}

Outcome Execution::migrate(const CaseId& id, bool only_look) {
    auto subject = find(id);
    if (!subject) return {};
    auto& row = subject->row;
    const auto* newest = env_.registry.newest(row.definition);
    const int from_version = row.definition_version;
    if (row.final || newest->info().version <= from_version) return at_row(Outcome::Kind::not_here, row);
    const auto& info = newest->info();
    if (info.who_may(row.state, migrate_command).empty()) {
        auto stranded = at_row(Outcome::Kind::refused, row);
        const Json facts{{"state", row.state}, {"definition", info.key}, {"version", info.version}};
        if (info.has_state(row.state))
            stranded.refusal.add("no_way_to_version", facts);
        else
            stranded.refusal.add("state_not_in_version", facts);
        return stranded;
    }
    subject->before = std::exchange(subject->definition, newest);
    row.definition_version = info.version;
    Json context = Json::object();
    base_context(*subject, system_person, {}, context);
    Order order{
        std::string(migrate_command), {{"from_version", from_version}}, system_person, {}, "migrate-cases", true};
    order.only_look = only_look;
    return decide_and_apply(*subject, order, std::move(context), 0);
}

std::string Execution::sealed_field_of(const Subject& subject, const Order& order) const {
    const Json nothing = Json::object();
    const Ask ask{subject.row.id, subject.row.place, subject.row.state, subject.row.facts, order.command,
                  nothing,        nothing,           env_.now,          order.actor,       order.on_behalf_of};
    const auto seal = subject.definition->seal(ask);
    return seal ? seal->field : std::string();
}

// ---- deciding and writing ---------------------------------------------------------------------------------------

Outcome Execution::refused(const Subject& subject, const Order& order, Outcome::Kind kind, Refusal refusal) {
    auto outcome = at_row(kind, subject.row);
    outcome.refusal = std::move(refusal);
    if (order.internal) return outcome;
    outcome.sealed_field = sealed_field_of(subject, order);
    tx_.keep_refusal({subject.row.version == 0 ? CaseId{} : subject.row.id, subject.row.definition,
                      subject.row.place.path, order.command, subject.row.state, env_.now, order.actor,
                      order.on_behalf_of, to_json(outcome.refusal), order.request_id});
    return outcome;
}

std::optional<Outcome> Execution::is_possible(const Subject& subject, const Order& order) {
    const auto& info = subject.definition->info();
    if (!info.who_may(subject.row.state, order.command).empty()) return {};
    Refusal why;
    why.add("not_in_this_state", {{"state", subject.row.state}, {"command", order.command}, {"definition", info.key}});
    return refused(subject, order, Outcome::Kind::not_here, std::move(why));
}

std::optional<Outcome> Execution::may_do(const Subject& subject, const Order& order, const Json& context) {
    const auto who = subject.definition->info().who_may(subject.row.state, order.command);
    if (by_role(who, context, order.on_behalf_of.empty() ? order.actor : order.on_behalf_of)) return {};
    Refusal why;
    why.add("not_your_role", {{"who", who}});
    return refused(subject, order, Outcome::Kind::forbidden, std::move(why));
}

std::optional<Outcome> Execution::is_complete(const Subject& subject, const Order& order) {
    auto why = order.objections;
    const auto input = check_payload(subject.definition->info().command(order.command)->fields, order.payload);
    for (const auto& reason : input.reasons())
        if (!order.objections.is_about(reason.field)) why.add_for(reason.field, reason.code, reason.facts);
    if (why.empty()) return {};
    return refused(subject, order, Outcome::Kind::invalid, std::move(why));
}

Outcome Execution::decide_and_apply(Subject& subject, const Order& order, Json context, int depth) {
    if (auto outcome = is_possible(subject, order)) return *outcome;
    if (auto outcome = may_do(subject, order, context)) return *outcome;
    if (auto outcome = is_complete(subject, order)) return *outcome;

    const auto& definition = *subject.definition;
    const auto& info = definition.info();
    Refusal why;
    Json payload = order.payload;
    Ask ask{subject.row.id, subject.row.place, subject.row.state, subject.row.facts, order.command,
            payload,        context,           env_.now,          order.actor,       order.on_behalf_of};
    const auto seal = definition.seal(ask);
    std::string sealed;
    if (seal) {
        sealed = ask.given(seal->field);
        payload.erase(seal->field);
        context["sealed"] = !sealed.empty();
    }
    const auto box = definition.opens_box(ask);
    if (box) context["tally"] = tx_.box_tally(subject.row.id, *box, {});
    if (info.command(order.command)->opens_child) context["new_case_id"] = tx_.new_case_id();
    const auto not_found = add_gathered(context, definition.context(ask, tx_));
    auto verdict = definition.decide(ask);
    switch (verdict.kind) {
    case Verdict::Kind::accepted: break;
    case Verdict::Kind::forbidden:
        why.add("not_your_role", {{"who", verdict.who}});
        return refused(subject, order, Outcome::Kind::forbidden, std::move(why));
    case Verdict::Kind::not_here:
        why.add("not_in_this_state",
                {{"state", subject.row.state}, {"command", order.command}, {"definition", info.key}});
        return refused(subject, order, Outcome::Kind::not_here, std::move(why));
    case Verdict::Kind::refused: return refused(subject, order, Outcome::Kind::refused, std::move(verdict.refusal));
    }
    if (order.only_look) return at_row(Outcome::Kind::accepted, subject.row);
    if (seal) tx_.box_put(subject.row.id, seal->box, order.actor, sealed);
    if (box) tx_.box_empty(subject.row.id, *box);
    for (const auto& [name, person] : verdict.decision.unseal) tx_.box_remove(subject.row.id, name, person);

    for (const auto& need : not_found) context.erase(need);
    apply(subject, order, payload, context, verdict.decision, depth);
    auto outcome = at_row(Outcome::Kind::accepted, subject.row);
    if (verdict.decision.child) outcome.created.text = context.at("new_case_id");
    if (seal) outcome.sealed_field = seal->field;
    return outcome;
}

void Execution::apply(Subject& subject, const Order& order, const Json& payload, const Json& context,
                      Decision& decision, int depth) {
    auto& row = subject.row;
    auto facts_before = std::move(row.facts); // moved, not copied: they can be long
    CaseRow before = row;
    before.facts = std::move(facts_before);
    Event event;
    event.case_id = row.id;
    event.seq = before.version + 1;
    event.at = env_.now;
    event.actor = order.actor;
    event.on_behalf_of = order.on_behalf_of;
    event.definition = row.definition;
    event.definition_version = row.definition_version;
    event.command = order.command;
    event.from = before.state;
    event.to = decision.to;
    event.payload = text_of(payload);
    event.context = text_of(context);
    event.changes = changes_between(before.facts, decision.facts);
    event.request_id = order.request_id;
    event.previous_hash = before.head_hash;
    event.hash = hash_of(event);

    row.version = event.seq;
    row.state = decision.to;
    row.facts = std::move(decision.facts);
    row.head_hash = event.hash;
    row.updated_at = env_.now;
    row.final = subject.definition->info().is_final(row.state);
    row.summary = subject.definition->summary(subject.view());

    write_row(before, subject, before.version == 0);
    tx_.append(event);
    for (const auto& notice : decision.notices) tx_.post(row, event, notice);
    if (decision.child) open_child(subject, order, context, *decision.child, depth);
    for (const auto& one : decision.tells) tell(one, order, depth);
}

void Execution::write_row(const CaseRow& before, const Subject& after, bool is_new) {
    const auto& definition = *after.definition;
    const auto& before_definition = after.before ? *after.before : definition;
    const CaseView now = after.view();
    if (is_new) {
        tx_.insert(after.row);
    } else if (!tx_.move(before, after.row)) {
        throw LostRace{};
    }
    const CaseView then{before.id, before.place, before.state, before.facts};
    const auto tasks = definition.tasks(now);
    const auto timers =
        those_not_in(is_new ? std::vector<Timer>{} : before_definition.timers(then), definition.timers(now));
    const auto involved = definition.involved(now);
    if (is_new ? !tasks.empty() : tasks != before_definition.tasks(then)) tx_.set_tasks(after.row, tasks);
    if (!timers.empty()) tx_.add_timers(after.row, timers);
    if (is_new ? !involved.empty() : involved != before_definition.involved(then))
        tx_.set_involved(after.row, involved);
}

void Execution::open_child(const Subject& parent, const Order& order, const Json& context, const OpenChild& child,
                           int depth) {
    auto subject = new_subject(env_.registry.newest(child.definition), parent.row.place);
    if (!subject || depth >= depth_max) throw std::logic_error("no definition for child case " + child.definition);
    subject->row.id.text = context.at("new_case_id");
    subject->row.parent = parent.row.id;
    Json its_context = Json::object();
    base_context(*subject, system_person, {}, its_context);
    const auto outcome = decide_and_apply(
        *subject, {child.command, child.payload, order.actor, order.on_behalf_of, order.request_id, true},
        std::move(its_context), depth + 1);
    if (outcome.kind != Outcome::Kind::accepted)
        throw std::logic_error("child case refused " + child.command + ": " + engine::to_json(outcome.refusal).dump());
}

void Execution::tell(const Tell& tell, const Order& order, int depth) {
    auto subject = find(tell.case_id);
    if (!subject || depth >= depth_max) throw std::logic_error("can't tell case " + tell.case_id.text);
    if (subject->row.final) return; // it is over; there is nobody to tell
    Json context = Json::object();
    base_context(*subject, system_person, {}, context);
    const auto outcome = decide_and_apply(
        *subject, {tell.command, tell.payload, order.actor, order.on_behalf_of, order.request_id, true},
        std::move(context), depth + 1);
    if (outcome.kind != Outcome::Kind::accepted)
        throw std::logic_error("case " + tell.case_id.text + " refused to be told " + tell.command + ": " +
                               engine::to_json(outcome.refusal).dump());
}

// ---- what can be done now ---------------------------------------------------------------------------------------

std::vector<Offer> Execution::offers(const Subject& subject, const PersonId& person, const PersonId& on_behalf_of) {
    std::vector<Offer> list;
    Json base = Json::object();
    if (!base_context(subject, person, on_behalf_of, base)) return list;
    const auto& info = subject.definition->info();
    const Json nothing = Json::object();
    for (const auto& command : info.commands) {
        const auto who = info.who_may(subject.row.state, command.key);
        if (who.empty() || command.internal) continue;
        Offer offer{command.key, false, false, who, {}, &command};
        offer.by_role = by_role(who, base, on_behalf_of.empty() ? person : on_behalf_of) &&
                        !(command.personal && !on_behalf_of.empty());
        Json context = base;
        if (!offer.by_role) { // asked as if they had the role, to name what else is missing
            context["roles"] = who;
            for (const auto& one : who) context["relations"][one] = person;
        }
        const Ask ask{subject.row.id,
                      subject.row.place,
                      subject.row.state,
                      subject.row.facts,
                      command.key,
                      nothing,
                      context,
                      env_.now,
                      person,
                      offer.by_role ? on_behalf_of : PersonId{},
                      true};
        if (const auto box = subject.definition->opens_box(ask))
            context["tally"] = tx_.box_tally(subject.row.id, *box, {});
        add_gathered(context, subject.definition->context(ask, tx_));
        const auto verdict = subject.definition->decide(ask);
        offer.missing = verdict.refusal;
        offer.allowed = offer.by_role && verdict.kind == Verdict::Kind::accepted;
        list.push_back(std::move(offer));
    }
    return list;
}

} // namespace cunmai::engine
