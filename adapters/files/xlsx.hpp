// An Excel workbook, written row by row to a file: however long a list is, it is not kept in memory. Every cell is
// text, ids with leading zeros too, and none that begins like a formula is one: an apostrophe goes before it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct lxw_format;
struct lxw_workbook;
struct lxw_worksheet;

namespace cunmai::xlsx {

inline constexpr auto media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

struct Column {
    std::string heading;
    int width = 0; // characters
};

class Workbook {
  public:
    // `folder`: for what is written before the file is. Throws engine::StoreUnavailable when the disk refuses.
    Workbook(const std::string& file, const std::string& folder, const std::string& title);
    ~Workbook();
    Workbook(const Workbook&) = delete;

    // Begins a sheet; its head stays in sight and can be filtered. Without headings there is none.
    void sheet(const std::string& name, const std::vector<Column>& columns);
    void row(const std::vector<std::string>& cells); // of the sheet that was begun last
    void close();                                    // the file is whole afterwards

  private:
    void write(const std::vector<std::string>& cells, lxw_format* format);
    void end_sheet();

    std::string file_, folder_;
    lxw_workbook* book_;
    lxw_format *head_, *text_;
    lxw_worksheet* sheet_ = nullptr;
    std::size_t columns_ = 0;
    bool has_head_ = false;
    std::uint32_t rows_ = 0; // of the sheet, so far
};

// The text as a cell may hold it: not taken for a formula, here or in what is made from it.
std::string harmless(std::string_view text);

} // namespace cunmai::xlsx
