"""The page as one HTML file: Python itself (Pyodide), the libraries, Front Door and its scenarios inside."""
