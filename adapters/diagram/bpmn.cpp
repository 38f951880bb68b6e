#include "adapters/diagram/diagram.hpp"
#include "adapters/diagram/layout.hpp"
#include "adapters/files/xml.hpp"
#include "adapters/words/workflow_words.hpp"

#include <algorithm>
#include <cmath>

namespace cunmai::diagram {

namespace {

using engine::DefinitionInfo;
using engine::not_opened;
using xml::coordinate;

enum class Kind { start, task, gateway, end };

struct Node {
    Kind kind;
    std::string id, name;
    std::vector<std::string> incoming, outgoing; // ids of flows
};

struct Flow {
    std::string id, name, documentation;
    std::size_t from = 0, to = 0;
};

const char* element_of(Kind kind) {
    switch (kind) {
    case Kind::start: return "bpmn:startEvent";
    case Kind::task: return "bpmn:userTask";
    case Kind::gateway: return "bpmn:exclusiveGateway";
    case Kind::end: return "bpmn:endEvent";
    }
    return "";
}

std::string list_of(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text.empty() ? "-" : text;
}

class Process {
  public:
    Process(const DefinitionInfo& info, const std::string& language) : info_(info), language_(language) {
        add_states();
        add_rows();
        lay_out_all();
    }

    std::string write() {
        xml::Writer out(true);
        out.open("bpmn:definitions", {{"xmlns:bpmn", "http://www.omg.org/spec/BPMN/20100524/MODEL"},
                                      {"xmlns:bpmndi", "http://www.omg.org/spec/BPMN/20100524/DI"},
                                      {"xmlns:dc", "http://www.omg.org/spec/DD/20100524/DC"},
                                      {"xmlns:di", "http://www.omg.org/spec/DD/20100524/DI"},
                                      {"id", "definitions_" + info_.key},
                                      {"targetNamespace", "urn:cunmai:workflow:" + info_.key},
                                      {"exporter", "Cunmai"},
                                      {"exporterVersion", std::to_string(info_.version)}});
        out.open("bpmn:process",
                 {{"id", info_.key}, {"name", words::definition(language_, info_.key)}, {"isExecutable", "false"}});
        for (const auto& node : nodes_) write_node(out, node);
        for (const auto& flow : flows_) write_flow(out, flow);
        out.close("bpmn:process");
        out.open("bpmndi:BPMNDiagram", {{"id", "diagram_" + info_.key}});
        out.open("bpmndi:BPMNPlane", {{"id", "plane_" + info_.key}, {"bpmnElement", info_.key}});
        for (std::size_t i = 0; i < nodes_.size(); ++i) write_shape(out, i);
        for (std::size_t i = 0; i < flows_.size(); ++i) write_edge(out, i);
        out.close("bpmndi:BPMNPlane");
        out.close("bpmndi:BPMNDiagram");
        out.close("bpmn:definitions");
        return out.done();
    }

  private:
    std::size_t add(Kind kind, const std::string& id, const std::string& name) {
        nodes_.push_back({kind, id, name, {}, {}});
        return nodes_.size() - 1;
    }

    // A state's node; where several rows leave, a gateway behind it is where they leave from.
    void add_states() {
        const auto place = [&](const std::string& key, Kind kind, const std::string& name) {
            const auto node = arrives_[key] = leaves_[key] = add(kind, "state_" + key, name);
            const auto rows =
                std::count_if(info_.rows.begin(), info_.rows.end(), [&](const auto& row) { return row.from == key; });
            if (rows < 2) return;
            const auto gateway = leaves_[key] = add(Kind::gateway, "choice_" + key, "");
            connect(node, gateway, "to_choice_" + key, "", "");
        };
        place(std::string(not_opened), Kind::start, "");
        for (const auto& state : info_.states)
            place(state.key, state.final ? Kind::end : Kind::task, words::state(language_, info_.key, state.key));
    }

    void add_rows() {
        int number = 0;
        for (const auto& row : info_.rows)
            connect(leaves_.at(row.from), arrives_.at(row.to), "row_" + std::to_string(++number) + "_" + row.command,
                    words::command(language_, info_.key, row.command),
                    "who: " + list_of(row.who) + "; provided: " + list_of(row.provided) +
                        "; does: " + list_of(row.does));
    }

    void connect(std::size_t from, std::size_t to, const std::string& id, const std::string& name,
                 const std::string& documentation) {
        flows_.push_back({id, name, documentation, from, to});
        nodes_[from].outgoing.push_back(id);
        nodes_[to].incoming.push_back(id);
    }

    void lay_out_all() {
        for (const auto& node : nodes_) {
            Box box{node.id, 36, 36, true, {}};
            if (node.kind == Kind::task)
                box = {node.id, std::max(100.0, text_width(node.name, 12) + 24), 60, false, {}};
            if (node.kind == Kind::gateway) box = {node.id, 50, 50, false, {}};
            picture_.boxes.push_back(box);
        }
        for (const auto& flow : flows_) {
            const double width = flow.name.empty() ? 0 : text_width(flow.name, 11) + 6;
            picture_.arcs.push_back({flow.from, flow.to, width, flow.name.empty() ? 0 : 14.0, {}, {}});
        }
        lay_out(picture_, Lines::straight);
    }

    void write_node(xml::Writer& out, const Node& node) {
        const std::string element = element_of(node.kind);
        if (node.name.empty())
            out.open(element, {{"id", node.id}});
        else
            out.open(element, {{"id", node.id}, {"name", node.name}});
        for (const auto& flow : node.incoming) out.element("bpmn:incoming", {}, flow);
        for (const auto& flow : node.outgoing) out.element("bpmn:outgoing", {}, flow);
        out.close(element);
    }

    void write_flow(xml::Writer& out, const Flow& flow) {
        const auto &source = nodes_[flow.from].id, &target = nodes_[flow.to].id;
        if (flow.name.empty()) {
            out.empty("bpmn:sequenceFlow", {{"id", flow.id}, {"sourceRef", source}, {"targetRef", target}});
            return;
        }
        out.open("bpmn:sequenceFlow",
                 {{"id", flow.id}, {"name", flow.name}, {"sourceRef", source}, {"targetRef", target}});
        out.element("bpmn:documentation", {}, flow.documentation);
        out.close("bpmn:sequenceFlow");
    }

    void write_bounds(xml::Writer& out, Point centre, double width, double height) {
        out.empty("dc:Bounds", {{"x", coordinate(centre.x - width / 2)},
                                {"y", coordinate(centre.y - height / 2)},
                                {"width", coordinate(width)},
                                {"height", coordinate(height)}});
    }

    void write_shape(xml::Writer& out, std::size_t index) {
        const auto& node = nodes_[index];
        const auto& box = picture_.boxes[index];
        if (node.kind == Kind::gateway)
            out.open("bpmndi:BPMNShape",
                     {{"id", "shape_" + node.id}, {"bpmnElement", node.id}, {"isMarkerVisible", "true"}});
        else
            out.open("bpmndi:BPMNShape", {{"id", "shape_" + node.id}, {"bpmnElement", node.id}});
        write_bounds(out, box.centre, box.width, box.height);
        if (node.kind == Kind::end) { // an end event's name stands below it
            out.open("bpmndi:BPMNLabel");
            write_bounds(out, {box.centre.x, box.centre.y + box.height / 2 + 10}, text_width(node.name, 11) + 6, 14);
            out.close("bpmndi:BPMNLabel");
        }
        out.close("bpmndi:BPMNShape");
    }

    // Where the pieces of the line meet; a straight piece's inner points say nothing.
    void write_edge(xml::Writer& out, std::size_t index) {
        const auto& flow = flows_[index];
        const auto& arc = picture_.arcs[index];
        out.open("bpmndi:BPMNEdge", {{"id", "edge_" + flow.id}, {"bpmnElement", flow.id}});
        for (std::size_t i = 0; i < arc.points.size(); i += 3)
            out.empty("di:waypoint", {{"x", coordinate(arc.points[i].x)}, {"y", coordinate(arc.points[i].y)}});
        if (!flow.name.empty()) {
            out.open("bpmndi:BPMNLabel");
            write_bounds(out, arc.label, arc.label_width, arc.label_height);
            out.close("bpmndi:BPMNLabel");
        }
        out.close("bpmndi:BPMNEdge");
    }

    const DefinitionInfo& info_;
    const std::string& language_;
    std::vector<Node> nodes_;                             // same order as picture_.boxes
    std::vector<Flow> flows_;                             // same order as picture_.arcs
    std::map<std::string, std::size_t> arrives_, leaves_; // state → node
    Picture picture_;
};

} // namespace

std::string bpmn(const DefinitionInfo& info, const std::string& language) { return Process(info, language).write(); }

} // namespace cunmai::diagram
