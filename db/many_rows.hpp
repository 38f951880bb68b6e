// One INSERT or REPLACE of several rows: (:a1, :b1), (:a2, :b2) … after a text that ends with VALUES. db/ only.
#pragma once

#include "db/connection.hpp"

namespace cunmai::db {

class ManyRows {
  public:
    explicit ManyRows(std::string text) : text_(std::move(text)) {}

    // REQUIRES: every row has the same parameters, in the order of the text's columns.
    void add(Params row) {
        const auto number = std::to_string(++rows_);
        text_ += rows_ == 1 ? " (" : ", (";
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i].name += number;
            text_ += i ? ", :" : ":";
            text_ += row[i].name;
            params_.push_back(std::move(row[i]));
        }
        text_ += ')';
    }
    bool empty() const { return rows_ == 0; }
    const std::string& text() const { return text_; }
    const Params& params() const { return params_; }

  private:
    std::string text_;
    Params params_;
    int rows_ = 0;
};

} // namespace cunmai::db
