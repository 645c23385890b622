"""The app: `streamlit run app.py`."""

import streamlit as st

if __name__ == "__main__":  # for every visitor, at every step
    from ui import state

    st.set_page_config(page_title="Chest X-ray models compared", page_icon="ui/icon.svg", layout="wide")
    page = st.navigation(
        [
            st.Page(
                "pages/xray.py",
                title="Read an X-ray",
                icon=":material/radiology:",
                url_path="read-an-x-ray",
                default=True,
            ),
            st.Page(
                "pages/operating_point.py", title="Operating point", icon=":material/tune:", url_path="operating-point"
            ),
            st.Page("pages/compare.py", title="Compare", icon=":material/balance:", url_path="compare-models"),
            st.Page("pages/mistakes.py", title="Mistakes", icon=":material/search:", url_path="what-they-get-wrong"),
            st.Page("pages/evidence.py", title="Evidence", icon=":material/science:", url_path="what-it-is-worth"),
            st.Page(
                "pages/own_hospital.py",
                title="Own hospital",
                icon=":material/local_hospital:",
                url_path="your-hospital",
            ),
            st.Page("pages/about.py", title="About", icon=":material/info:", url_path="about-this-app"),
        ]
    )
    state.restore()
    state.control()
    page.run()
else:  # once, as the server starts and imports this file
    from ui import server

    app = st.App(__file__, lifespan=server.start)
