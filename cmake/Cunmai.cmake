# cunmai_room(<name> FOLDER <folder> [SOURCES …] [USES …] [HIDES …]): one room of the house is one static library,
# cunmai_<name>. Its include folder holds nothing but its own folder: what a room may include is what it uses (USES: its
# headers may, too; HIDES: only its sources), and every other include does not compile. tests/unit/rooms holds it to that.
function(cunmai_room name)
  cmake_parse_arguments(ROOM "" "FOLDER" "SOURCES;USES;HIDES" ${ARGN})
  set(include "${CMAKE_BINARY_DIR}/rooms/${name}")
  get_filename_component(above "${include}/${ROOM_FOLDER}" DIRECTORY)
  file(MAKE_DIRECTORY "${above}")
  file(CREATE_LINK "${CMAKE_SOURCE_DIR}/${ROOM_FOLDER}" "${include}/${ROOM_FOLDER}" SYMBOLIC)
  if(NOT ROOM_SOURCES)
    file(GLOB_RECURSE ROOM_SOURCES CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${ROOM_FOLDER}/*.cpp")
  endif()
  add_library(cunmai_${name} STATIC)
  target_sources(cunmai_${name} PRIVATE ${ROOM_SOURCES})
  target_include_directories(cunmai_${name} PUBLIC "${include}")
  target_link_libraries(cunmai_${name} PUBLIC ${ROOM_USES} PRIVATE ${ROOM_HIDES})
  cunmai_warnings(cunmai_${name})
  cunmai_precompile(cunmai_${name})
  set_property(GLOBAL APPEND PROPERTY CUNMAI_ROOMS ${name})
  set_property(GLOBAL PROPERTY CUNMAI_ROOM_FOLDER_${name} ${ROOM_FOLDER})
endfunction()

# What nearly every file includes, compiled once per target.
function(cunmai_precompile target)
  target_precompile_headers(${target} PRIVATE <nlohmann/json.hpp> <functional> <map> <optional> <set> <sstream> <string> <vector> ${ARGN})
endfunction()

function(cunmai_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Werror)
endfunction()

# Programs that run for long or are measured use jemalloc, because they handle many small JSON values. The sanitizers have an allocator of their own.
function(cunmai_allocator target)
  if(NOT CUNMAI_SANITIZE)
    target_link_libraries(${target} PRIVATE PkgConfig::JEMALLOC)
  endif()
endfunction()

# cunmai_embed(<target> <name> <root> FILES …): puts the files into the library. In C++:
#   #include "cmake/embedded.hpp"
#   cunmai::embedded::<name>()  →  std::map<std::string_view path relative to root, std::string_view content>
function(cunmai_embed target name root)
  cmake_parse_arguments(EMBED "" "" "FILES" ${ARGN})
  set(assembly "${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.S")
  set(source "${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp")
  set(asm_text "    .section .rodata\n")
  set(extern_text "")
  set(table_text "")
  set(index 0)
  foreach(file IN LISTS EMBED_FILES)
    file(RELATIVE_PATH relative "${root}" "${file}")
    set(symbol "cunmai_embedded_${name}_${index}")
    string(APPEND asm_text "    .global ${symbol}_begin\n    .global ${symbol}_end\n${symbol}_begin:\n    .incbin \"${file}\"\n${symbol}_end:\n    .byte 0\n")
    string(APPEND extern_text "extern const char ${symbol}_begin[], ${symbol}_end[];\n")
    string(APPEND table_text "        {\"${relative}\", {${symbol}_begin, static_cast<std::size_t>(${symbol}_end - ${symbol}_begin)}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND asm_text "    .section .note.GNU-stack,\"\",@progbits\n")
  file(CONFIGURE OUTPUT "${assembly}" CONTENT "${asm_text}" @ONLY)
  file(CONFIGURE OUTPUT "${source}" CONTENT
"#include \"cmake/embedded.hpp\"
extern \"C\" {
${extern_text}}
namespace cunmai::embedded {
const Files& ${name}() {
    static const Files files{
${table_text}    };
    return files;
}
} // namespace cunmai::embedded
" @ONLY)
  set_source_files_properties("${assembly}" PROPERTIES OBJECT_DEPENDS "${EMBED_FILES}")
  target_sources(${target} PRIVATE "${assembly}" "${source}")
endfunction()

# cunmai_test(<name> [WHOLE] SOURCES … USES … [LABELS …])
# WHOLE: one process for all its tests, for those that share an expensive server.
# They run where they were compiled: __FILE__ is relative to there when the cache compiled it (CCACHE_BASEDIR).
function(cunmai_test name)
  cmake_parse_arguments(TEST "WHOLE" "" "SOURCES;USES;LABELS" ${ARGN})
  if(NOT TEST_SOURCES)
    return()
  endif()
  add_executable(${name} ${TEST_SOURCES})
  target_link_libraries(${name} PRIVATE ${TEST_USES} cunmai_test_headers GTest::gmock GTest::gtest_main)
  cunmai_warnings(${name})
  # GCC 12 gives these warnings wrongly, inside the library's strings and the test macros.
  target_compile_options(${name} PRIVATE -Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow)
  cunmai_precompile(${name} <gmock/gmock.h> <gtest/gtest.h>)
  if(TEST_WHOLE)
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_BINARY_DIR})
    set_tests_properties(${name} PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT 900)
    return()
  endif()
  gtest_discover_tests(${name} WORKING_DIRECTORY ${CMAKE_BINARY_DIR} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT 600)
endfunction()
