// An Excel workbook, written row by row to a file, so that no list has to be kept in memory. Every cell is text, so
// that ids keep their leading zeros. A text that begins like a formula gets an apostrophe in front.
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
    // `folder` is for temporary files. Throws engine::StoreUnavailable when the disk can't be written.
    Workbook(const std::string& file, const std::string& folder, const std::string& title);
    ~Workbook();
    Workbook(const Workbook&) = delete;

    // Begins a sheet. Its row of headings, if there are any, stays in sight and can be filtered.
    void sheet(const std::string& name, const std::vector<Column>& columns);
    void row(const std::vector<std::string>& cells); // adds a row to the sheet that was begun last
    void close();                                    // the file is complete afterwards

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

// The text in a form that no program takes for a formula, not even after an export from Excel.
std::string harmless(std::string_view text);

} // namespace cunmai::xlsx
