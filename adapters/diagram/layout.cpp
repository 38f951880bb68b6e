#include "adapters/diagram/layout.hpp"

#include <gvc.h>

#include <memory>
#include <mutex>
#include <stdexcept>

namespace cunmai::diagram {

namespace {

constexpr double points_per_inch = 72;

std::string number(double value) { return std::to_string(value); }

void set(void* object, const char* name, const std::string& value) {
    // cgraph takes char* but only reads; the last argument is the default for objects without the attribute.
    agsafeset(object, const_cast<char*>(name), const_cast<char*>(value.c_str()), const_cast<char*>(""));
}

// A label of a fixed size and without text: dot leaves room for it, we write it.
void set_label_room(Agraph_t* graph, Agedge_t* edge, double width, double height) {
    const auto html =
        "<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"0\" CELLSPACING=\"0\" FIXEDSIZE=\"TRUE\" WIDTH=\"" +
        std::to_string(static_cast<int>(width)) + "\" HEIGHT=\"" + std::to_string(static_cast<int>(height)) +
        "\"><TR><TD></TD></TR></TABLE>";
    auto* kept = agstrdup_html(graph, const_cast<char*>(html.c_str()));
    agsafeset(edge, const_cast<char*>("label"), kept, const_cast<char*>(""));
    agstrfree(graph, kept);
}

struct FreeContext {
    void operator()(GVC_t* context) const { gvFreeContext(context); }
};

GVC_t* context() {
    static const std::unique_ptr<GVC_t, FreeContext> only(gvContext());
    return only.get();
}

class Graph {
  public:
    explicit Graph(Lines lines) : graph_(agopen(const_cast<char*>("workflow"), Agdirected, nullptr)) {
        set(graph_, "rankdir", "TB");
        set(graph_, "splines", lines == Lines::curved ? "spline" : "polyline");
        set(graph_, "nodesep", "0.45");
        set(graph_, "ranksep", "0.55");
    }
    ~Graph() {
        if (laid_out_) gvFreeLayout(context(), graph_);
        agclose(graph_);
    }
    Graph(const Graph&) = delete;
    Graph& operator=(const Graph&) = delete;

    Agnode_t* add(const Box& box) {
        auto* node = agnode(graph_, const_cast<char*>(box.key.c_str()), 1);
        set(node, "shape", box.round ? "ellipse" : "box");
        set(node, "fixedsize", "true");
        set(node, "label", "");
        set(node, "width", number(box.width / points_per_inch));
        set(node, "height", number(box.height / points_per_inch));
        return node;
    }

    Agedge_t* add(const Arc& arc, Agnode_t* from, Agnode_t* to, std::size_t index) {
        auto name = std::to_string(index);
        auto* edge = agedge(graph_, from, to, name.data(), 1);
        set(edge, "arrowhead", "none");
        if (arc.label_width > 0) set_label_room(graph_, edge, arc.label_width, arc.label_height);
        return edge;
    }

    void lay_out() {
        if (gvLayout(context(), graph_, "dot") != 0)
            throw std::runtime_error("graphviz could not lay the workflow out");
        laid_out_ = true;
    }

    boxf bounds() const { return GD_bb(graph_); }

  private:
    Agraph_t* graph_;
    bool laid_out_ = false;
};

} // namespace

void lay_out(Picture& picture, Lines lines) {
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    Graph graph(lines);
    std::vector<Agnode_t*> nodes;
    std::vector<Agedge_t*> edges;
    for (const auto& box : picture.boxes) nodes.push_back(graph.add(box));
    for (std::size_t i = 0; i < picture.arcs.size(); ++i)
        edges.push_back(graph.add(picture.arcs[i], nodes.at(picture.arcs[i].from), nodes.at(picture.arcs[i].to), i));
    graph.lay_out();

    const auto bounds = graph.bounds();
    const auto flipped = [&](pointf point) { return Point{point.x - bounds.LL.x, bounds.UR.y - point.y}; };
    picture.width = bounds.UR.x - bounds.LL.x;
    picture.height = bounds.UR.y - bounds.LL.y;
    for (std::size_t i = 0; i < nodes.size(); ++i) picture.boxes[i].centre = flipped(ND_coord(nodes[i]));
    for (std::size_t i = 0; i < edges.size(); ++i) {
        auto& arc = picture.arcs[i];
        if (const auto* splines = ED_spl(edges[i]); splines && splines->size > 0)
            for (int p = 0; p < splines->list[0].size; ++p) arc.points.push_back(flipped(splines->list[0].list[p]));
        if (const auto* label = ED_label(edges[i])) arc.label = flipped(label->pos);
    }
}

double text_width(const std::string& text, double font_size) {
    double width = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            width += 0.56;
        else if (byte >= 0xE0)
            width += 1.0; // the lead byte of a character of three or four bytes
        else if (byte >= 0xC0)
            width += 0.6;
    }
    return width * font_size;
}

} // namespace cunmai::diagram
