#include "adapters/files/csv.hpp"

#include "engine/control_characters.hpp"
#include "engine/text.hpp"

#include <algorithm>

namespace cunmai::csv {

namespace {

// Whether the text has neither control characters nor anything beyond ASCII, so that it needs no closer check.
bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

class Reader {
  public:
    explicit Reader(std::string_view content) : rest_(without_byte_order_mark(content)) {}

    bool at_end() const { return at_ >= rest_.size(); }

    void next(Record& record) {
        record.line = line_;
        record.problem.clear();
        std::size_t used = 0;
        do {
            if (used == record.fields.size()) record.fields.emplace_back();
            auto& field = record.fields[used++];
            field.clear();
            if (!at_end() && rest_[at_] == '"')
                quoted(field, record);
            else
                plain(field, record);
            if (!record.problem.empty() || is_plain(field)) continue;
            if (!is_utf8(field))
                record.problem = "broken_utf8";
            else if (has_control_character(field, Lines::one) || field.find('\x7F') != std::string::npos)
                record.problem = "control_character";
        } while (comma());
        record.fields.resize(used);
        end_of_line();
    }

  private:
    std::size_t end_of_field() const {
        auto end = at_;
        while (end < rest_.size() && rest_[end] != ',' && rest_[end] != '\r' && rest_[end] != '\n') ++end;
        return end;
    }

    void plain(std::string& field, Record& record) {
        const auto end = end_of_field();
        field.assign(rest_, at_, end - at_);
        at_ = end;
        if (field.find('"') != std::string::npos) record.problem = "quote_stray";
    }

    void quoted(std::string& field, Record& record) {
        for (++at_;;) {
            const auto quote = rest_.find('"', at_);
            if (quote == std::string_view::npos) { // the rest of the file is inside the quotes
                at_ = rest_.size();
                record.problem = "quote_unbalanced";
                return;
            }
            const auto piece = rest_.substr(at_, quote - at_);
            line_ += static_cast<std::size_t>(std::count(piece.begin(), piece.end(), '\n'));
            field += piece;
            at_ = quote + 1;
            if (at_end() || rest_[at_] != '"') break;
            field += '"';
            ++at_;
        }
        if (const auto end = end_of_field(); end != at_) {
            at_ = end;
            record.problem = "quote_stray";
        }
    }

    bool comma() {
        if (at_end() || rest_[at_] != ',') return false;
        ++at_;
        return true;
    }

    void end_of_line() {
        if (!at_end() && rest_[at_] == '\r') ++at_;
        if (!at_end() && rest_[at_] == '\n') ++at_;
        ++line_;
    }

    std::string_view rest_;
    std::size_t at_ = 0, line_ = 1;
};

bool is_blank(const Record& record) {
    return record.problem.empty() && record.fields.size() == 1 && record.fields.front().empty();
}

} // namespace

void read(std::string_view content, const std::function<void(Record&)>& each) {
    Reader reader(content);
    Record record;
    std::size_t first_blank = 0; // blank lines at the end are fine; one in the middle is a record of one empty field
    while (!reader.at_end()) {
        reader.next(record);
        if (is_blank(record)) {
            if (first_blank == 0) first_blank = record.line;
            continue;
        }
        if (first_blank != 0) {
            Record blank{first_blank, {""}, ""};
            each(blank);
            first_blank = 0;
        }
        each(record);
    }
}

} // namespace cunmai::csv
