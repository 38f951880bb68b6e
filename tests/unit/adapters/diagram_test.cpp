// Every workflow in every format, the example's included: complete, escaped, and in agreement with the table.
#include "adapters/diagram/diagram.hpp"
#include "adapters/diagram/layout.hpp"
#include "docs/examples/leave_request.hpp"
#include "engine/registry.hpp"
#include "workflows/all.hpp"

#include <Poco/DOM/AutoPtr.h>
#include <Poco/DOM/DOMParser.h>
#include <Poco/DOM/Document.h>
#include <Poco/DOM/Element.h>
#include <Poco/DOM/NodeList.h>

#include <gmock/gmock.h>

#include <set>
#include <thread>

namespace cunmai::test {

namespace {

using Poco::XML::AutoPtr;
using Poco::XML::Document;
using Poco::XML::Element;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const engine::Registry& registry() {
    static const engine::Registry all = [] {
        engine::Registry made;
        workflows::add_all(made);
        made.add(examples::leave_request());
        return made;
    }();
    return all;
}

AutoPtr<Document> parsed(const std::string& xml) {
    Poco::XML::DOMParser parser;
    return parser.parseString(xml); // throws when it is not well-formed
}

std::vector<Element*> elements(Document* document, const std::string& name) {
    std::vector<Element*> all;
    AutoPtr<Poco::XML::NodeList> list = document->getElementsByTagName(name);
    for (unsigned long i = 0; i < list->length(); ++i) all.push_back(static_cast<Element*>(list->item(i)));
    return all;
}

std::set<std::string> ids(Document* document, const std::string& name) {
    std::set<std::string> all;
    for (auto* element : elements(document, name)) {
        const auto id = element->getAttribute("id");
        if (id.empty()) continue;
        EXPECT_TRUE(all.insert(id).second) << "twice: " << id;
    }
    return all;
}

class Diagram : public ::testing::TestWithParam<std::string> {
  protected:
    const engine::DefinitionInfo& info() const { return registry().newest(GetParam())->info(); }
};

TEST_P(Diagram, MermaidHasEveryStateAndEveryPairOfStatesOnce) {
    const auto text = diagram::mermaid(info(), "zh-CN");
    EXPECT_TRUE(text.starts_with("stateDiagram-v2\n"));
    for (const auto& state : info().states) {
        EXPECT_THAT(text, HasSubstr("\" as " + state.key + "\n"));
        EXPECT_EQ(text.find(state.key + " --> [*]") != std::string::npos, state.final);
    }
    for (const auto& row : info().rows) {
        const auto arrow = (row.from == engine::not_opened ? "[*]" : row.from) + " --> " + row.to + " : ";
        ASSERT_THAT(text, HasSubstr(arrow));
        EXPECT_EQ(text.find(arrow), text.rfind(arrow));
    }
}

TEST_P(Diagram, PlantUmlIsFramed) {
    const auto text = diagram::plantuml(info(), "en");
    EXPECT_TRUE(text.starts_with("@startuml " + info().key + "\n"));
    EXPECT_TRUE(text.ends_with("@enduml\n"));
    for (const auto& row : info().rows)
        EXPECT_THAT(text, HasSubstr((row.from == engine::not_opened ? "[*]" : row.from) + " --> " + row.to + " : "));
}

TEST_P(Diagram, SvgHasAnIdForEveryStateAndEdgeAndNothingThatAStrictPolicyForbids) {
    for (const std::string language : {"zh-CN", "en"}) {
        const auto text = diagram::svg(info(), language);
        auto document = parsed(text);
        const auto groups = ids(document, "g");
        for (const auto& state : info().states) EXPECT_TRUE(groups.contains("state-" + state.key)) << state.key;
        for (const auto& row : info().rows)
            EXPECT_EQ(groups.contains("edge-" + row.from + "-" + row.to), row.from != row.to) << row.from << row.to;
        EXPECT_THAT(text, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("style")), Not(HasSubstr("nan"))));
    }
}

TEST_P(Diagram, SvgShowsWhereACaseIsAndHasBeen) {
    const auto& row = info().rows.back();
    diagram::Path path;
    path.current = row.to;
    path.visited = {row.from, row.to};
    path.taken = {row.from + ">" + row.to};
    path.notes = {{row.to, "3 < 4 & 5"}};
    const auto text = diagram::svg(info(), "en", path, true);
    EXPECT_FALSE(text.starts_with("<?xml"));
    parsed(text);
    EXPECT_THAT(text, AllOf(HasSubstr(" current visited\""), HasSubstr("3 &lt; 4 &amp; 5")));
}

TEST_P(Diagram, BpmnHasAFlowForEveryRowAndDrawsEverythingWithValidIds) {
    auto document = parsed(diagram::bpmn(info(), "zh-CN"));
    const auto all = ids(document, "*");
    for (const auto& id : all) {
        EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."),
                  std::string::npos)
            << id;
        EXPECT_FALSE(id[0] >= '0' && id[0] <= '9') << id;
    }
    std::size_t rows = 0;
    for (auto* flow : elements(document, "bpmn:sequenceFlow")) {
        EXPECT_TRUE(all.contains(flow->getAttribute("sourceRef")));
        EXPECT_TRUE(all.contains(flow->getAttribute("targetRef")));
        if (flow->getAttribute("id").starts_with("row_")) ++rows;
    }
    EXPECT_EQ(rows, info().rows.size());
    for (const auto* name : {"bpmndi:BPMNShape", "bpmndi:BPMNEdge"})
        for (auto* drawn : elements(document, name)) EXPECT_TRUE(all.contains(drawn->getAttribute("bpmnElement")));
    for (auto* edge : elements(document, "bpmndi:BPMNEdge"))
        EXPECT_GE(AutoPtr<Poco::XML::NodeList>(edge->getElementsByTagName("di:waypoint"))->length(), 2u);
}

TEST_P(Diagram, TheMatrixHasARowForEveryRowAndAMarkForEveryRole) {
    const auto text = diagram::permission_matrix_markdown(info());
    std::size_t marks = 0, wanted = 0, lines = 0;
    for (std::size_t at = 0; (at = text.find("✓", at)) != std::string::npos; ++at) ++marks;
    for (const char c : text) lines += c == '\n';
    for (const auto& row : info().rows) wanted += row.who.size();
    EXPECT_EQ(marks, wanted);
    EXPECT_EQ(lines, info().rows.size() + 2);
}

INSTANTIATE_TEST_SUITE_P(OfEveryWorkflow, Diagram,
                         ::testing::Values("village_lifecycle", "prescription", "committee_meeting", "screening_round",
                                           "leave_request"),
                         [](const auto& instance) { return instance.param; });

TEST(Diagrams, EveryWorkflowOfTheProgramIsLookedAt) { EXPECT_EQ(registry().current().size(), 5u); }

TEST(Diagrams, WordsWithMarkupAreEscaped) {
    engine::DefinitionInfo info;
    info.key = "odd";
    info.states = {{"a", false}, {"b", true}};
    info.rows = {{std::string(engine::not_opened), "begin <now> & \"go\": x", "a", {"r|s"}, {}, {}, {}},
                 {"a", "end]]>", "b", {}, {}, {}, {}}};
    parsed(diagram::svg(info, "en"));
    parsed(diagram::bpmn(info, "en"));
    EXPECT_THAT(diagram::mermaid(info, "en"), HasSubstr("begin <now> &  go   x"));
    EXPECT_THAT(diagram::permission_matrix_markdown(info), HasSubstr("r\\|s"));
}

TEST(Diagrams, ComeOutTheSameFromManyThreads) {
    const auto& info = registry().newest("prescription")->info();
    const auto expected = diagram::svg(info, "en");
    std::vector<std::string> drawn(8);
    std::vector<std::thread> threads;
    for (auto& one : drawn) threads.emplace_back([&] { one = diagram::svg(info, "en"); });
    for (auto& thread : threads) thread.join();
    for (const auto& one : drawn) EXPECT_EQ(one, expected);
}

} // namespace

} // namespace cunmai::test
