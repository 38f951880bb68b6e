// Where boxes and arrows go: graphviz's dot, given sizes and asked for places. Sizes come from the caller, never from
// a font of the machine, so that the same workflow looks the same everywhere. Coordinates are points, y downwards.
#pragma once

#include <string>
#include <vector>

namespace cunmai::diagram {

struct Point {
    double x = 0, y = 0;
};

struct Box {
    std::string key;
    double width = 0, height = 0;
    bool round = false; // an event, a gateway's corner: arrows end at the ellipse
    Point centre;       // out
};

struct Arc {
    std::size_t from = 0, to = 0;             // indexes of boxes
    double label_width = 0, label_height = 0; // 0: no label
    std::vector<Point> points;                // out: start, then cubic Bézier pieces of three points each
    Point label;                              // out: its centre
};

struct Picture {
    double width = 0, height = 0;
    std::vector<Box> boxes;
    std::vector<Arc> arcs;
};

enum class Lines { curved, straight };

// Fills in what is marked `out`. Safe from many threads (graphviz is not: one at a time).
void lay_out(Picture& picture, Lines lines);

// How wide a text is, roughly: a Chinese character is as wide as it is high.
double text_width(const std::string& text, double font_size);

} // namespace cunmai::diagram
