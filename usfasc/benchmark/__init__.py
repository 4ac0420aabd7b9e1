"""The open benchmark: cases, implants, figures."""
