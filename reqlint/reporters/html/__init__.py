"""The parts of the page that ``--output-format html`` writes."""
