"""The parts of `vigie fix`: the folder's files, the patch, its writing, and the proof."""
