// A Word document (Office Open XML), set as GB/T 9704-2012 wants an official one: A4, 22 lines of 28 characters, faces,
// headings and page numbers (templates/documents/docx). Knows nothing of what it says. The same content gives the same
// bytes. What XML can't hold is left out of every text.
#pragma once

#include "engine/json.hpp"

#include <string>
#include <vector>

namespace cunmai::docx {

inline constexpr auto media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

class Document {
  public:
    // The language decides how headings are numbered.
    Document(std::string language, const std::string& title);

    void heading(int level, const std::string& text);                      // 1 to 3; numbered by themselves
    void paragraph(const std::string& text);                               // each line is one
    void labelled(const std::string& label, const std::string& text = ""); // the label stands out
    void table(const std::string& caption, const std::vector<std::string>& head,
               const std::vector<std::vector<std::string>>& rows);
    void note(const std::string& text); // in small type

    std::string packed() const; // the file

  private:
    void add(const char* style, const std::string& label, const std::string& text);

    std::string language_;
    Json model_; // of the templates
};

} // namespace cunmai::docx
