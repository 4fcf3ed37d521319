"""What is to be heard: a timeline of renders, and who decides what is made next."""
