#include "workflows/prescription/presentation.hpp"

#include "workflows/prescription/commands.hpp"
#include "workflows/prescription/facts.hpp"
#include "workflows/prescription/prescription.hpp"
#include "workflows/prescription/states.hpp"
#include "workflows/roles.hpp"
#include "workflows/special_pages.hpp"

namespace cunmai::workflows::prescription {

using namespace engine;

namespace {

constexpr std::string_view agreement = "agreement"; // part of sections_of()

Presentation made() {
    Presentation shown;
    shown.main_line = {Drafted::key, Issued::key, InProgress::key, AwaitingCheck::key, Closed::key};
    shown.tones = {{AwaitingCheck::key, Tone::waiting}, {Closed::key, Tone::done}};
    shown.list_title = "page.nav.prescriptions";
    shown.listed_for = {VillageOfficer::key,     TownOfficer::key,        TownSupervisor::key, DistrictCommander::key,
                        VillageCoordinator::key, DepartmentReviewer::key, PanelLeader::key,    Auditor::key};
    shown.columns = {Column::title(),    Column::number(), Column::state(),
                     Column::category(), Column::due(),    Column::updated()};
    shown.counts = {{.colour = "red"}, {.colour = "yellow"}, {.colour = "green"}};
    shown.home = {{.colour = "red", .message = "page.home.red"}};
    for (const auto& category : categories()) shown.categories.push_back(category);
    shown.coloured = true;
    shown.bases = {
        {.commands = {Accept::key, DeclineResponsibility::key, ReportProgress::key, SubmitForCheck::key, Cancel::key},
         .sections = {agreement},
         .entries = {RejectResult::key}},
        {.commands = {RequestExtension::key, GrantExtension::key, RefuseExtension::key},
         .sections = {agreement},
         .entries = {RequestExtension::key, GrantExtension::key, RefuseExtension::key}},
        {.commands = {AcceptResult::key, RejectResult::key}, .sections = {agreement}, .starts = {SubmitForCheck::key}},
        {.commands = {Reopen::key}, .sections = {agreement}, .starts = {AcceptResult::key}},
    };
    shown.questions = {
        {.key = "acceptance", .answers = {Accept::key, DeclineResponsibility::key}},
        {.key = "extension", .answers = {GrantExtension::key, RefuseExtension::key}},
        {.key = "result", .answers = {AcceptResult::key, RejectResult::key}},
    };
    shown.grave = {Cancel::key};
    shown.offered = {{.field = "responsible_person", .roles = {VillageOfficer::key, TownOfficer::key}}};
    shown.filled = {{.command = Issue::key}};
    shown.asked = {{Issue::key, {"problem", "task", "responsible_person", "deadline_on", "acceptance_criterion"}}};
    shown.mends = {{.reason = "extension_pending", .command = GrantExtension::key},
                   {.reason = "no_extension_asked", .command = RequestExtension::key}};
    shown.list_page = special_pages::prescription_board;
    shown.links = {{special_pages::prescription_sheet, "ui.rx_sheet"}};
    return shown;
}

class Rows {
  public:
    explicit Rows(const Json& facts) : facts_(facts) {}
    void add(std::string_view message, Shown value, Link link = {}) {
        add(Shown::sentence(message), std::move(value), std::move(link));
    }
    void add(Shown label, Shown value, Link link = {}) {
        if (!value.empty()) rows_.push_back({std::move(label), std::move(value), std::move(link)});
    }
    void fact(std::string_view key) { add(Shown::field(key), Shown::text(part(facts_, key))); }
    std::vector<ShownRow> take() { return std::move(rows_); }

  private:
    const Json& facts_;
    std::vector<ShownRow> rows_;
};

// What was agreed and how far it is.
void put_agreement(Rows& rows, const Json& facts) {
    for (const auto* key : {"problem", "root_cause", "task", "measures", "acceptance_criterion"}) rows.fact(key);
    rows.add(Shown::field("responsible_person"), Shown::person(part(facts, "responsible_person")));
    rows.fact("deadline_on");
    rows.add("page.case.progress", Shown::percent(part(facts, "percent")));
    if (const auto& extension = part(facts, "extension"); extension.is_object())
        rows.add("page.case.extension_pending",
                 Shown::sentence("page.case.extension_text", {{"date", Shown::date(part(extension, "until_on"))},
                                                              {"reason", Shown::text(part(extension, "reason"))}}));
    rows.add("page.case.extensions_granted", Shown::text(part(facts, "extensions_granted")));
    rows.fact("missing");
}

} // namespace

const Presentation& presentation() {
    static const auto shown = made();
    return shown;
}

std::vector<ShownSection> sections_of(const CaseView& view) {
    const auto& facts = view.facts;
    Rows agreed(facts), all(facts);
    put_agreement(agreed, facts);
    if (const auto parent = text_of(facts, "parent"); !parent.empty())
        all.add("page.case.village", Shown::text(view.place.name), Link::to_case(parent));
    put_agreement(all, facts);
    all.add(Shown::field("supporting_department"), Shown::word("department", part(facts, "supporting_department")));
    all.fact("funds_requested");
    all.add(Shown::field("system"), Shown::choice("system", part(facts, "system")));
    all.fact("source");
    all.add("page.case.issuer", Shown::person(part(facts, "issuer")));
    all.add("page.case.issued_on", Shown::date(part(facts, "issued_on")));
    all.add("page.case.closed_on", Shown::date(part(facts, "closed_on")));
    return {{.key = std::string(main_section), .heading = "page.case.summary", .rows = all.take()},
            {.key = std::string(agreement), .heading = "page.case.agreement", .rows = agreed.take(), .on_page = false}};
}

Card card_of(const CaseView& view) {
    const auto& facts = view.facts;
    const auto& percent = part(facts, "percent");
    Card card;
    card.person = Shown::person(part(facts, "responsible_person"));
    card.due_on = text_of(facts, "deadline_on");
    card.percent = view.state == Closed::key ? 100 : percent.is_number() ? percent.get<int>() : 0;
    if (part(facts, "extension").is_object()) card.note = Shown::sentence("page.case.extension_waits");
    return card;
}

} // namespace cunmai::workflows::prescription
