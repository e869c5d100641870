#pragma once

#include <string>
#include <string_view>

namespace retrain::report {

// Text as it stands in HTML and SVG, within an attribute too.
std::string Escaped(std::string_view text);

}  // namespace retrain::report
