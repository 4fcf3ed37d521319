// All presets to choose from, and a name to keep what is set now under.
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts

Basic.Popup {
    id: browser
    readonly property var preset: controls.item("preset")
    width: 320
    padding: Theme.padding
    background: Rectangle { color: Theme.raised; radius: Theme.radius; border.color: Theme.line }

    function step(by) {
        const names = presets.names;
        if (names.length)
            preset.move(names[(Math.max(names.indexOf(preset.value), 0) + by + names.length) % names.length]);
    }
    onAboutToShow: presets.refresh()
    contentItem: ColumnLayout {
        spacing: Theme.gap
        Flow {
            spacing: 4
            Layout.fillWidth: true
            Repeater {
                model: presets.names
                Button {
                    required property string modelData
                    compact: true
                    text: modelData.replace(/_/g, " ")
                    tint: browser.preset.value === modelData ? Theme.accent : Theme.line
                    ink: browser.preset.value === modelData ? Theme.ground : Theme.text
                    onClicked: browser.preset.move(modelData)
                }
            }
        }
        RowLayout {
            Field { id: name; placeholderText: qsTr("name for how it stands now"); Layout.fillWidth: true; onAccepted: save.clicked() }
            Button {
                id: save
                text: qsTr("save")
                tint: Theme.line
                enabled: name.text.trim() !== ""
                onClicked: {
                    link.send("/musika/preset/save", [name.text.trim()]);
                    name.clear();
                    browser.close();
                }
            }
        }
    }
}
