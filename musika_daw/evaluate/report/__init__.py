"""`eval report`: the paper's tables and its figure 3 rebuilt for a model, as a page with sound to listen to."""
