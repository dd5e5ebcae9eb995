"""Files for other programs, out of what pages and analyses show."""
