// Which effect a stem gets one more of: those there are, plug-ins that were found, or one by its path.
import QtQuick
import QtQuick.Controls.Basic as Basic
import QtQuick.Layouts

Basic.Popup {
    id: popup
    property string stem
    readonly property var plugins: effectList.names.filter(name => /[\/\\]/.test(name))
    readonly property var own: effectList.names.filter(name => !/[\/\\]/.test(name))
    padding: Theme.padding
    width: 380
    background: Rectangle { color: Theme.raised; radius: Theme.radius; border.color: Theme.line }
    function choose(name) {
        effects.add(stem, name);
        path.clear();
        close();
    }
    onAboutToShow: effectList.refresh()
    contentItem: ColumnLayout {
        spacing: Theme.gap
        Text { text: qsTr("One more effect for %1").arg(popup.stem); color: Theme.of(popup.stem); font.pixelSize: Theme.normal; font.weight: Font.DemiBold }
        Flow {
            spacing: 4
            Layout.fillWidth: true
            Repeater {
                model: popup.own
                Button {
                    required property string modelData
                    objectName: "effect " + modelData
                    compact: true
                    text: modelData.replace(/([a-z])([A-Z])/g, "$1 $2")
                    tint: Theme.line
                    onClicked: popup.choose(modelData)
                }
            }
        }
        Caption { text: qsTr("plug-ins (VST3)") }
        Caption {
            visible: popup.plugins.length === 0
            text: qsTr("none in the system's folders: drop one here, or write its path")
            wrapMode: Text.Wrap
            Layout.fillWidth: true
        }
        ListView {
            visible: popup.plugins.length > 0
            Layout.fillWidth: true
            Layout.preferredHeight: Math.min(contentHeight, 180)
            clip: true
            model: popup.plugins
            Basic.ScrollBar.vertical: Basic.ScrollBar {}
            delegate: Button {
                required property string modelData
                width: ListView.view.width - 10
                compact: true
                text: modelData.replace(/.*[\/\\]/, "").replace(/\.(vst3|component)$/, "")
                tip: modelData
                tint: "transparent"
                onClicked: popup.choose(modelData)
            }
        }
        RowLayout {
            Field {
                id: path
                objectName: "plug-in path"
                placeholderText: qsTr("path of a plug-in")
                Layout.fillWidth: true
                onAccepted: if (text.trim()) popup.choose(text.trim())
                DropArea {
                    anchors.fill: parent
                    onDropped: event => { if (event.hasUrls) popup.choose(preferences.local_path(event.urls[0].toString())); }
                }
            }
            Button { text: qsTr("add"); tint: Theme.line; enabled: path.text.trim() !== ""; onClicked: popup.choose(path.text.trim()) }
        }
    }
}
