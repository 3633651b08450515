//! Parts that pages are made of. Each is small, knows no noun, and has its own file of CSS in `style/`.
