#include "adapters/diagram/diagram.hpp"
#include "adapters/diagram/layout.hpp"
#include "adapters/files/xml.hpp"
#include "adapters/words/workflow_words.hpp"

#include <algorithm>

namespace cunmai::diagram {

namespace {

using engine::DefinitionInfo;
using engine::not_opened;
using xml::coordinate;

constexpr double title_size = 14, small_size = 11, line_height = 15, padding = 10, margin = 8;

struct StateBox {
    std::string key, title;
    bool final = false;
    std::vector<std::string> lines; // commands that stay, then the note
};

struct EdgeText {
    std::string from, to;
    std::vector<std::string> lines;
};

void add_once(std::vector<std::string>& lines, const std::string& line) {
    if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(line);
}

class Drawing {
  public:
    Drawing(const DefinitionInfo& info, const std::string& language, const Path& path)
        : info_(info), language_(language), path_(path) {
        read_states();
        read_rows();
        measure();
        lay_out(picture_, Lines::curved);
    }

    std::string write(bool inline_svg) {
        xml::Writer out(!inline_svg);
        const auto width = coordinate(picture_.width + 2 * margin), height = coordinate(picture_.height + 2 * margin);
        const auto title_id = "workflow-" + info_.key + "-title";
        out.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                         {"class", "workflow"},
                         {"role", "img"},
                         {"aria-labelledby", title_id},
                         {"width", width},
                         {"height", height},
                         {"viewBox", "0 0 " + width + " " + height},
                         {"font-family", "sans-serif"}});
        out.element("title", {{"id", title_id}}, words::definition(language_, info_.key));
        out.open("defs");
        out.open("marker", {{"id", arrow_id()},
                            {"viewBox", "0 0 10 10"},
                            {"refX", "9"},
                            {"refY", "5"},
                            {"markerWidth", "7"},
                            {"markerHeight", "7"},
                            {"orient", "auto-start-reverse"}});
        out.empty("path", {{"d", "M0 0 10 5 0 10z"}, {"fill", "#4a5568"}});
        out.close("marker");
        out.close("defs");
        for (std::size_t i = 0; i < edges_.size(); ++i) write_edge(out, i);
        for (std::size_t i = 0; i < boxes_.size(); ++i) write_state(out, i);
        out.close("svg");
        return out.done();
    }

  private:
    std::string arrow_id() const { return "arrow-" + info_.key; }

    void read_states() {
        boxes_.push_back({std::string(not_opened), "", false, {}});
        for (const auto& state : info_.states)
            boxes_.push_back({state.key, words::state(language_, info_.key, state.key), state.final, {}});
    }

    std::size_t index_of(const std::string& key) const {
        const auto found =
            std::find_if(boxes_.begin(), boxes_.end(), [&](const StateBox& box) { return box.key == key; });
        return static_cast<std::size_t>(found - boxes_.begin());
    }

    // A command that leaves the case where it is stands inside the state's box; the others are arrows.
    void read_rows() {
        for (const auto& row : info_.rows) {
            const auto word = words::command(language_, info_.key, row.command);
            if (row.from == row.to) {
                add_once(boxes_[index_of(row.from)].lines, "↺ " + word);
                continue;
            }
            const auto same = std::find_if(edges_.begin(), edges_.end(), [&](const EdgeText& edge) {
                return edge.from == row.from && edge.to == row.to;
            });
            add_once((same == edges_.end() ? edges_.emplace_back(EdgeText{row.from, row.to, {}}) : *same).lines, word);
        }
        for (auto& box : boxes_)
            if (const auto note = path_.notes.find(box.key); note != path_.notes.end())
                box.lines.push_back(note->second);
    }

    void measure() {
        for (const auto& box : boxes_) {
            if (box.key == not_opened) {
                picture_.boxes.push_back({box.key, 16, 16, true, {}});
                continue;
            }
            double width = text_width(box.title, title_size);
            for (const auto& line : box.lines) width = std::max(width, text_width(line, small_size));
            const double height = title_size + 2 * padding + line_height * static_cast<double>(box.lines.size());
            picture_.boxes.push_back({box.key, width + 2 * padding + 8, height, false, {}});
        }
        for (const auto& edge : edges_) {
            Arc arc{index_of(edge.from), index_of(edge.to), 0, 0, {}, {}};
            for (const auto& line : edge.lines)
                arc.label_width = std::max(arc.label_width, text_width(line, small_size) + 8);
            arc.label_height = line_height * static_cast<double>(edge.lines.size());
            picture_.arcs.push_back(arc);
        }
    }

    void write_lines(xml::Writer& out, const std::vector<std::string>& lines, double x, double first_baseline,
                     const std::string& anchor, const std::string& fill) {
        double y = first_baseline;
        for (const auto& line : lines) {
            out.element("text",
                        {{"x", coordinate(x)},
                         {"y", coordinate(y)},
                         {"font-size", coordinate(small_size)},
                         {"text-anchor", anchor},
                         {"fill", fill}},
                        line);
            y += line_height;
        }
    }

    void write_state(xml::Writer& out, std::size_t index) {
        const auto& state = boxes_[index];
        const auto& box = picture_.boxes[index];
        const Point centre{box.centre.x + margin, box.centre.y + margin};
        if (state.key == not_opened) {
            out.empty("circle", {{"class", "start"},
                                 {"cx", coordinate(centre.x)},
                                 {"cy", coordinate(centre.y)},
                                 {"r", "8"},
                                 {"fill", "#1a202c"}});
            return;
        }
        const bool current = state.key == path_.current, visited = path_.visited.contains(state.key);
        const auto classes = std::string("state") + (state.final ? " final" : "") + (current ? " current" : "") +
                             (visited ? " visited" : "");
        const double left = centre.x - box.width / 2, top = centre.y - box.height / 2;
        out.open("g", {{"id", "state-" + state.key}, {"class", classes}});
        out.element("title", {}, state.title);
        out.empty("rect", {{"x", coordinate(left)},
                           {"y", coordinate(top)},
                           {"width", coordinate(box.width)},
                           {"height", coordinate(box.height)},
                           {"rx", state.final ? "18" : "6"},
                           {"fill", current   ? "#dbeafe"
                                    : visited ? "#e6f4ea"
                                              : "#ffffff"},
                           {"stroke", current ? "#1d4ed8" : "#4a5568"},
                           {"stroke-width", current || state.final ? "2.5" : "1.2"}});
        out.element("text",
                    {{"x", coordinate(centre.x)},
                     {"y", coordinate(top + padding + title_size - 2)},
                     {"font-size", coordinate(title_size)},
                     {"font-weight", "bold"},
                     {"text-anchor", "middle"},
                     {"fill", "#1a202c"}},
                    state.title);
        write_lines(out, state.lines, left + padding, top + padding + title_size + line_height - 3, "start", "#4a5568");
        out.close("g");
    }

    void write_edge(xml::Writer& out, std::size_t index) {
        const auto& edge = edges_[index];
        const auto& arc = picture_.arcs[index];
        std::string line, title;
        for (std::size_t i = 0; i < arc.points.size(); ++i)
            line += (i == 0   ? "M"
                     : i == 1 ? " C"
                              : " ") +
                    coordinate(arc.points[i].x + margin) + " " + coordinate(arc.points[i].y + margin);
        for (const auto& word : edge.lines) title += (title.empty() ? "" : " / ") + word;
        const bool taken = path_.taken.contains(edge.from + ">" + edge.to);
        out.open("g", {{"id", "edge-" + edge.from + "-" + edge.to}, {"class", taken ? "edge taken" : "edge"}});
        out.element("title", {}, title);
        out.empty("path", {{"d", line},
                           {"fill", "none"},
                           {"stroke", taken ? "#1d4ed8" : "#4a5568"},
                           {"stroke-width", taken ? "2.5" : "1.2"},
                           {"marker-end", "url(#" + arrow_id() + ")"}});
        const double top = arc.label.y + margin - arc.label_height / 2;
        write_lines(out, edge.lines, arc.label.x + margin, top + small_size, "middle", "#2d3748");
        out.close("g");
    }

    const DefinitionInfo& info_;
    const std::string& language_;
    const Path& path_;
    std::vector<StateBox> boxes_; // same order as picture_.boxes
    std::vector<EdgeText> edges_; // same order as picture_.arcs
    Picture picture_;
};

} // namespace

std::string svg(const DefinitionInfo& info, const std::string& language, const Path& path, bool inline_svg) {
    return Drawing(info, language, path).write(inline_svg);
}

} // namespace cunmai::diagram
